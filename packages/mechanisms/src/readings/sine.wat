;; Sines of a column in place, two at a time. No multiply-add is fused, so that plain JavaScript gives the very same
;; numbers; sine.ts says what is computed.
;;
;; Memory (one page): the column from byte 0 on.
(module
  ;; beyond(x): the sine where the reduction below is not accurate enough, or x is no number of moderate size.
  (import "sine" "beyond" (func $beyond (param f64) (result f64)))
  (memory (export "memory") 1)
  (func (export "sines") (param $pairs i32)
    (local $at i32)
    (local $x v128) (local $turns v128) (local $n v128) (local $r v128) (local $w v128) (local $y v128)
    (local $z v128) (local $p v128) (local $sound v128)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $pairs)))
        (local.set $x (v128.load (local.get $at)))
        ;; Adding 1.5 * 2^52 rounds x / pi to the nearest integer n, whose lowest bit is then the lowest of the sum.
        (local.set $turns
          (f64x2.add
            (f64x2.mul (local.get $x) (v128.const f64x2 0.3183098861837907 0.3183098861837907))
            (v128.const f64x2 6755399441055744 6755399441055744)))
        (local.set $n (f64x2.sub (local.get $turns) (v128.const f64x2 6755399441055744 6755399441055744)))
        (local.set $r
          (f64x2.sub (local.get $x)
            (f64x2.mul (local.get $n) (v128.const f64x2 3.1415926534682512 3.1415926534682512))))
        (local.set $w
          (f64x2.mul (local.get $n) (v128.const f64x2 1.2154201013012384e-10 1.2154201013012384e-10)))
        (local.set $y (f64x2.sub (local.get $r) (local.get $w)))
        (local.set $z (f64x2.mul (local.get $y) (local.get $y)))
        (local.set $sound
          (v128.and
            (f64x2.gt (local.get $z) (v128.const f64x2 1e-8 1e-8))
            (f64x2.lt (f64x2.mul (local.get $x) (local.get $x)) (v128.const f64x2 1e10 1e10))))
        (local.set $p (v128.const f64x2 2.73144475909634e-15 2.73144475909634e-15))
        (local.set $p (f64x2.add (v128.const f64x2 -7.643970296165793e-13 -7.643970296165793e-13) (f64x2.mul (local.get $z) (local.get $p))))
        (local.set $p (f64x2.add (v128.const f64x2 1.6058977312444268e-10 1.6058977312444268e-10) (f64x2.mul (local.get $z) (local.get $p))))
        (local.set $p (f64x2.add (v128.const f64x2 -2.5052107616995878e-8 -2.5052107616995878e-8) (f64x2.mul (local.get $z) (local.get $p))))
        (local.set $p (f64x2.add (v128.const f64x2 2.755731921916323e-6 2.755731921916323e-6) (f64x2.mul (local.get $z) (local.get $p))))
        (local.set $p (f64x2.add (v128.const f64x2 -0.00019841269841254974 -0.00019841269841254974) (f64x2.mul (local.get $z) (local.get $p))))
        (local.set $p (f64x2.add (v128.const f64x2 0.008333333333333316 0.008333333333333316) (f64x2.mul (local.get $z) (local.get $p))))
        (local.set $p (f64x2.add (v128.const f64x2 -0.16666666666666666 -0.16666666666666666) (f64x2.mul (local.get $z) (local.get $p))))
        (local.set $p (f64x2.mul (f64x2.mul (local.get $y) (local.get $z)) (local.get $p)))
        ;; What y lost when w was taken from r, times about the cosine.
        (local.set $r (f64x2.sub (f64x2.sub (local.get $r) (local.get $y)) (local.get $w)))
        (local.set $r
          (f64x2.mul (local.get $r)
            (f64x2.sub (v128.const f64x2 1 1) (f64x2.mul (v128.const f64x2 0.5 0.5) (local.get $z)))))
        (v128.store (local.get $at)
          (v128.xor
            (f64x2.add (local.get $y) (f64x2.add (local.get $p) (local.get $r)))
            (i64x2.shl (local.get $turns) (i32.const 63))))
        (if (i32.eqz (i64x2.all_true (local.get $sound)))
          (then
            (if (i64.eqz (i64x2.extract_lane 0 (local.get $sound)))
              (then (f64.store (local.get $at) (call $beyond (f64x2.extract_lane 0 (local.get $x))))))
            (if (i64.eqz (i64x2.extract_lane 1 (local.get $sound)))
              (then (f64.store offset=8 (local.get $at) (call $beyond (f64x2.extract_lane 1 (local.get $x))))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (local.set $pairs (i32.sub (local.get $pairs) (i32.const 1)))
        (br $next)))))
