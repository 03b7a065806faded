// src/index.ts
import { resolve } from "path";
import RAPIER3 from "@dimforge/rapier2d-compat";
import { orFail, progressBar, readOptions, resultOptions, say, table } from "@mechid/example-terminal";
import { writeCsv } from "@mechid/files";

// src/effects.ts
import { generator as generator2 } from "@mechid/random";

// src/arms.ts
import RAPIER from "@dimforge/rapier2d-compat";
var JOINTS = 3;
var LINK = { length: 0.3, mass: 0.3, inertia: 0.03 };
var armIn = (world) => {
  const links = [];
  let inner = world.createRigidBody(RAPIER.RigidBodyDesc.fixed());
  for (let joint = 0; joint < JOINTS; joint++) {
    const link = world.createRigidBody(
      RAPIER.RigidBodyDesc.dynamic().setCanSleep(false).setAdditionalMassProperties(LINK.mass, { x: 0, y: 0 }, LINK.inertia)
    );
    const end = { x: joint === 0 ? 0 : LINK.length / 2, y: 0 };
    const pin = RAPIER.JointData.revolute(end, { x: -LINK.length / 2, y: 0 });
    world.createImpulseJoint(pin, inner, link, true);
    links.push(link);
    inner = link;
  }
  return links;
};
var placeArm = (links, angles) => {
  let [x, y, turned] = [0, 0, 0];
  for (const [joint, link] of links.entries()) {
    turned += angles[joint];
    const [dx, dy] = [LINK.length * Math.cos(turned), LINK.length * Math.sin(turned)];
    link.setTranslation({ x: x + dx / 2, y: y + dy / 2 }, true);
    link.setRotation(turned, true);
    link.setLinvel({ x: 0, y: 0 }, true);
    link.setAngvel(0, true);
    x += dx;
    y += dy;
  }
};
var applyTorques = (links, { stiffness, damping }, motors) => {
  let [turned, speed] = [0, 0];
  for (const [joint, link] of links.entries()) {
    const [rotation, turning] = [link.rotation(), link.angvel()];
    const angle = wrapped(rotation - turned);
    const torque = motors[joint] - stiffness[joint] * angle - damping[joint] * (turning - speed);
    link.resetTorques(true);
    link.addTorque(torque, true);
    if (joint > 0) links[joint - 1].addTorque(-torque, true);
    turned = rotation;
    speed = turning;
  }
};
var wrapped = (angle) => Math.atan2(Math.sin(angle), Math.cos(angle));
var armsOf = (design, count) => {
  const world = new RAPIER.World({ x: design.gravity, y: 0 });
  world.timestep = 1 / design.rate;
  const links = Array.from({ length: count }, () => armIn(world));
  const row = (table2, arm) => table2.subarray(arm * JOINTS, (arm + 1) * JOINTS);
  const pose = (angles) => {
    for (const [arm, own] of links.entries()) placeArm(own, row(angles, arm));
  };
  pose(new Float64Array(count * JOINTS));
  return {
    count,
    world,
    links,
    pose,
    angles: () => Float64Array.from(
      links.flatMap(
        (own) => own.map((link, joint) => wrapped(link.rotation() - (joint === 0 ? 0 : own[joint - 1].rotation())))
      )
    ),
    speed: () => Math.max(...links.map((own) => Math.max(...own.map((link) => Math.abs(link.angvel()))))),
    move: (seconds, torques) => {
      for (let step = Math.round(seconds * design.rate); step > 0; step--) {
        for (const [arm, own] of links.entries()) applyTorques(own, design, row(torques, arm));
        world.step();
      }
    }
  };
};

// src/record.ts
import { generator } from "@mechid/random";

// src/range-finders.ts
import RAPIER2 from "@dimforge/rapier2d-compat";
var BEAMS = 8;
var ROOM = [
  [-1, -1.1],
  [1.6, -1.1],
  [1.6, 1],
  [-1, 1]
];
var READING_NOISE = 2e-3;
var FARTHEST = 10;
var rangeNames = (links) => Array.from({ length: links * BEAMS }, (_, at) => {
  const [link, beam] = [Math.floor(at / BEAMS), at % BEAMS];
  return `range_link${link + 1}_${360 / BEAMS * beam}deg_m`;
});
var buildRoom = ({ world }) => {
  const corners = Float32Array.from([...ROOM, ROOM[0]].flat());
  world.createCollider(RAPIER2.ColliderDesc.polyline(corners));
};
var readRanges = ({ world, links }, arm, random, into, at) => {
  let to = at;
  for (const link of links[arm]) {
    const [origin, turned] = [link.translation(), link.rotation()];
    for (let beam = 0; beam < BEAMS; beam++) {
      const angle = turned + 2 * Math.PI * beam / BEAMS;
      const ray = new RAPIER2.Ray(origin, { x: Math.cos(angle), y: Math.sin(angle) });
      const hit = world.castRay(ray, FARTHEST, false);
      into[to++] = (hit?.timeOfImpact ?? FARTHEST) + READING_NOISE * random.normal();
    }
  }
};

// src/record.ts
var ARMS = 200;
var SETTLED = 0.02;
var MOST_EXTENSIONS = 10;
var joints = (name, unit) => Array.from({ length: JOINTS }, (_, joint) => `${name}${joint + 1}_${unit}`);
var namesOf = ({ driven }) => [
  ...driven ? ["run"] : [],
  ...rangeNames(JOINTS),
  ...joints("torque", "Nm"),
  ...joints("angle", "rad")
];
var drawTorques = ({ torque }, count, random) => Float64Array.from(
  { length: count * JOINTS },
  (_, at) => torque[at % JOINTS] * (2 * random.uniform() - 1)
);
var disturbed = (torques, { disturbance }, random) => torques.map((torque, at) => torque + disturbance[at % JOINTS] * random.normal());
var letMove = (arms, { seconds, driven }, torques) => {
  arms.move(seconds, torques);
  for (let more = 0; !driven && arms.speed() > SETTLED; more++) {
    if (more === MOST_EXTENSIONS) throw new Error(`an arm still moves after ${seconds * (1 + more)} s`);
    arms.move(seconds, torques);
  }
};
var writeLine = (arms, arm, torques, random, into, at) => {
  readRanges(arms, arm, random, into, at);
  const after = at + rangeNames(JOINTS).length;
  into.set(torques.subarray(arm * JOINTS, (arm + 1) * JOINTS), after);
  into.set(arms.angles().subarray(arm * JOINTS, (arm + 1) * JOINTS), after + JOINTS);
};
var recordSettled = (setting, { rows, seed, onProgress }) => {
  const names = namesOf(setting);
  const [draws, noise] = [generator(seed).split("torques"), generator(seed).split("readings")];
  const arms = armsOf(setting.design, Math.min(ARMS, rows));
  buildRoom(arms);
  const data = new Float64Array(rows * names.length);
  for (let row = 0; row < rows; ) {
    const torques = drawTorques(setting, arms.count, draws);
    letMove(arms, setting, disturbed(torques, setting, draws));
    for (let arm = 0; arm < arms.count && row < rows; arm++, row++)
      writeLine(arms, arm, torques, noise, data, row * names.length);
    onProgress?.(row);
  }
  return { names, values: { data, shape: [rows, names.length] } };
};
var recordDriven = (setting, { rows, frames, seed, onProgress }) => {
  const names = namesOf(setting);
  const width = names.length;
  const [draws, noise] = [generator(seed).split("torques"), generator(seed).split("readings")];
  const arms = armsOf(setting.design, Math.ceil(rows / frames));
  buildRoom(arms);
  const data = new Float64Array(arms.count * frames * width);
  const warmUp = 8;
  for (let frame = -warmUp; frame < frames; frame++) {
    const torques = drawTorques(setting, arms.count, draws);
    for (let arm = 0; frame >= 0 && arm < arms.count; arm++) {
      const at = (arm * frames + frame) * width;
      data[at] = arm;
      writeLine(arms, arm, torques, noise, data, at + 1);
    }
    letMove(arms, setting, disturbed(torques, setting, draws));
    onProgress?.(Math.max(0, frame + 1) * arms.count);
  }
  return { names, values: { data, shape: [arms.count * frames, width] } };
};
var record = (setting, options) => setting.driven ? recordDriven(setting, options) : recordSettled(setting, options);

// src/effects.ts
var TRIALS = 12;
var ANGLE = 0.3;
var ending = (setting, start, torques) => {
  const arms = armsOf(setting.design, TRIALS);
  arms.pose(start);
  letMove(arms, setting, torques);
  return arms.angles();
};
var rootMeanSquare = (joint, a, b) => {
  let square = 0;
  for (let trial = 0; trial < TRIALS; trial++)
    square += (a[trial * JOINTS + joint] - b[trial * JOINTS + joint]) ** 2 / TRIALS;
  return Math.sqrt(square);
};
var shifted = (table2, column, amount) => table2.map((value, at) => at % JOINTS === column ? value + amount : value);
var measuredEffects = (setting, seed) => {
  const random = generator2(seed).split("effects");
  const uniform = (limit) => Float64Array.from(
    { length: TRIALS * JOINTS },
    (_, at) => limit(at % JOINTS) * (2 * random.uniform() - 1)
  );
  const start = uniform(() => 0.5);
  const torques = uniform((joint) => setting.torque[joint] / 2);
  const usual = ending(setting, start, torques);
  const all = Array.from({ length: JOINTS }, (_, joint) => joint);
  const unit = all.map(
    (joint) => rootMeanSquare(joint, usual, ending(setting, start, shifted(torques, joint, setting.disturbance[joint])))
  );
  const table2 = (changed) => {
    const ends = all.map(changed);
    return all.map((joint) => ends.map((end) => rootMeanSquare(joint, usual, end) / unit[joint]));
  };
  return {
    torques: table2((cause) => ending(setting, start, shifted(torques, cause, setting.torque[cause] / 2))),
    ...setting.driven ? { poses: table2((cause) => ending(setting, shifted(start, cause, ANGLE), torques)) } : {}
  };
};

// src/settings.ts
var settings = {
  /** On a table. A joint settles at its own torque over its own stiffness, whatever the other joints do. */
  settled: {
    design: { stiffness: [8.2, 3.2, 0.92], damping: [2.6, 1, 0.29], gravity: 0, rate: 60 },
    torque: [5.7, 2.2, 0.64],
    disturbance: [0.82, 0.32, 0.092],
    seconds: 4,
    driven: false
  },
  /**
   * Hanging, with stiff dampers: speeds die away within 0.04 s, so that a pose follows from the pose half a second before.
   * The weight of outer links couples all joints.
   */
  driven: {
    design: { stiffness: [2, 1, 0.5], damping: [8, 3.5, 1.5], gravity: 9.81, rate: 480 },
    torque: [6, 2.6, 1],
    disturbance: [0.3, 0.13, 0.05],
    seconds: 0.5,
    driven: true
  }
};

// src/index.ts
var specs = {
  setting: {
    kind: "choice",
    choices: Object.keys(settings),
    fallback: "settled",
    description: "settled: poses on a table under constant torques; driven: a hanging arm that moves"
  },
  rows: {
    kind: "number",
    integer: true,
    least: 1,
    placeholder: "N",
    fallback: 1e4,
    description: "rows; of a motion, frames of all runs"
  },
  frames: {
    kind: "number",
    integer: true,
    least: 2,
    placeholder: "N",
    fallback: 50,
    description: "frames of one run of a motion"
  },
  seed: { kind: "number", integer: true, least: 0, placeholder: "N", fallback: 1, description: "seed" },
  out: { kind: "text", placeholder: "FILE", fallback: "arm.csv", description: "where the table goes" },
  help: resultOptions("").help
};
var effectRows = (effects, cause) => [
  ["", ...effects[0].map((_, j) => `${cause}${j + 1}`)],
  ...effects.map((row, i) => [`angle${i + 1}`, ...row.map((value) => value.toFixed(2))])
];
var main = async () => {
  const { setting: name, rows, frames, seed, out } = readOptions(
    specs,
    "npm run record -- [options]",
    "Records a robot arm of three joints that Rapier simulates: range finders, motor torques and, for scores, true angles."
  );
  await RAPIER3.init();
  const setting = settings[name];
  const bar = progressBar("recording", rows);
  const { names, values } = record(setting, {
    rows,
    frames,
    seed,
    onProgress: (done) => bar.update(Math.min(done, rows), {})
  });
  bar.stop();
  orFail(await writeCsv(resolve(out), names, values)());
  say(`${out}: ${values.shape[0].toLocaleString("en-US")} rows, ${names.length} columns.`);
  const { torques, poses } = measuredEffects(setting, seed);
  say("\nWhat moves which angle, in standard deviations of its disturbance, measured in the simulator:");
  say(table(effectRows(torques, "torque")));
  if (poses !== void 0) say(`
By the pose before:
${table(effectRows(poses, "angle"))}`);
};
await main();
