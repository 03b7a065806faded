/** Kernels to start from, as their source. */

export interface KernelSample {
  readonly title: string
  readonly source: string
}

export const samples: ReadonlyArray<KernelSample> = [
  {
    title: 'One action on two latents',
    source: `kernel({
  latents: 2,
  actions: 1,
  // F computes, so that one definition gives numbers, slopes and the causal graph.
  location: (F, past, [a]) => [
    F.sin(a),
    F.cos(F.mul(F.lit(2), a))
  ],
  scale: 0.3,
  noise: gaussian
})`
  },
  {
    title: 'Three tanks, three valves',
    source: `kernel({
  latents: 3,
  actions: 3,
  // Each valve moves two tanks.
  location: (F, past, [a, b, c]) => [
    F.add(F.sin(a), F.cos(b)),
    F.add(F.sin(b), F.cos(c)),
    F.add(F.sin(c), F.cos(a))
  ],
  scale: 0.01
})`
  },
  {
    title: 'A pushed body: position and velocity',
    source: `kernel({
  latents: 2,
  actions: 1,
  lags: 1,
  location: (F, [x, v], [push]) => {
    const dt = F.lit(0.1)
    return [
      F.add(x, F.mul(dt, v)),
      F.add(v, F.sub(push, F.sin(x)))
    ]
  },
  scale: 0.05,
  noise: laplace
})`
  },
  {
    title: 'A random walk, Gaussian',
    source: `kernel({
  latents: 3,
  lags: 1,
  location: (F, past) => past,
  scale: 0.5,
  noise: gaussian
})`
  },
  {
    title: 'Actions that change variances',
    source: `kernel({
  latents: 2,
  actions: 2,
  location: (F, past, a) => a.map((u) => F.sin(u)),
  // One standard deviation a latent.
  scale: (F, past, a) => a.map((u) => F.add(F.lit(0.1), F.mul(F.lit(0.1), F.sigmoid(u))))
})`
  }
]
