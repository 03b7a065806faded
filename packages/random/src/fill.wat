;; Fills a buffer with uniforms or standard normals from xoroshiro128+ (D. Blackman, S. Vigna, 24-16-37 constants).
;; The 64-bit recurrence is what makes this worth a module: JavaScript has no 64-bit integers that are fast.
;;
;; Memory (one page): 0 bound[256] f64, 2048 width[256] f64, 4096 state (two i64, then one output), 8192 numbers out.
(module
  ;; beyond(layer, u): the rare draw outside a layer's core; NaN rejects it. Reads and advances the stored state.
  (import "ziggurat" "beyond" (func $beyond (param i32 f64) (result f64)))
  (memory (export "memory") 1)

  (func (export "uniforms") (param $count i32) (param $single i32)
    (local $s0 i64) (local $s1 i64) (local $word i64) (local $at i32) (local $left i32) (local $u f64)
    (local.set $s0 (i64.load (i32.const 4096)))
    (local.set $s1 (i64.load (i32.const 4104)))
    (local.set $at (i32.const 8192))
    (local.set $left (local.get $count))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (local.set $word (i64.add (local.get $s0) (local.get $s1)))
        (local.set $s1 (i64.xor (local.get $s1) (local.get $s0)))
        (local.set $s0
          (i64.xor
            (i64.xor (i64.rotl (local.get $s0) (i64.const 24)) (local.get $s1))
            (i64.shl (local.get $s1) (i64.const 16))))
        (local.set $s1 (i64.rotl (local.get $s1) (i64.const 37)))
        ;; (top 52 bits + 1/2) / 2^52
        (local.set $u
          (f64.mul
            (f64.add (f64.convert_i64_u (i64.shr_u (local.get $word) (i64.const 12))) (f64.const 0.5))
            (f64.const 0x1p-52)))
        (if (local.get $single)
          (then
            ;; A number next to 1 would round to 1 in single precision.
            (f32.store (local.get $at) (f32.min (f32.demote_f64 (local.get $u)) (f32.const 0x1.fffffep-1)))
            (local.set $at (i32.add (local.get $at) (i32.const 4))))
          (else
            (f64.store (local.get $at) (local.get $u))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $next)))
    (i64.store (i32.const 4096) (local.get $s0))
    (i64.store (i32.const 4104) (local.get $s1)))

  (func (export "normals") (param $count i32) (param $single i32)
    (local $s0 i64) (local $s1 i64) (local $word i64) (local $layer i32) (local $u f64) (local $x f64)
    (local $at i32) (local $left i32)
    (local.set $s0 (i64.load (i32.const 4096)))
    (local.set $s1 (i64.load (i32.const 4104)))
    (local.set $at (i32.const 8192))
    (local.set $left (local.get $count))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (local.set $word (i64.add (local.get $s0) (local.get $s1)))
        (local.set $s1 (i64.xor (local.get $s1) (local.get $s0)))
        (local.set $s0
          (i64.xor
            (i64.xor (i64.rotl (local.get $s0) (i64.const 24)) (local.get $s1))
            (i64.shl (local.get $s1) (i64.const 16))))
        (local.set $s1 (i64.rotl (local.get $s1) (i64.const 37)))
        ;; Layer from bits 4..11 (as a byte offset into the tables), signed position from the top 52 bits.
        (local.set $layer (i32.and (i32.wrap_i64 (i64.shr_u (local.get $word) (i64.const 1))) (i32.const 0x7f8)))
        (local.set $u (f64.convert_i64_s (i64.shr_s (local.get $word) (i64.const 12))))
        (local.set $x (f64.mul (local.get $u) (f64.load offset=2048 (local.get $layer))))
        (if (f64.ge (f64.abs (local.get $u)) (f64.load (local.get $layer)))
          (then
            (i64.store (i32.const 4096) (local.get $s0))
            (i64.store (i32.const 4104) (local.get $s1))
            (local.set $x (call $beyond (i32.shr_u (local.get $layer) (i32.const 3)) (local.get $u)))
            (local.set $s0 (i64.load (i32.const 4096)))
            (local.set $s1 (i64.load (i32.const 4104)))
            (br_if $next (f64.ne (local.get $x) (local.get $x)))))
        (if (local.get $single)
          (then
            (f32.store (local.get $at) (f32.demote_f64 (local.get $x)))
            (local.set $at (i32.add (local.get $at) (i32.const 4))))
          (else
            (f64.store (local.get $at) (local.get $x))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $next)))
    (i64.store (i32.const 4096) (local.get $s0))
    (i64.store (i32.const 4104) (local.get $s1)))
)
