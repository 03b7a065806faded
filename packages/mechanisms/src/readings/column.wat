;; Arithmetic on columns, two doubles at a time. No multiply-add is fused, so that plain JavaScript gives the very same numbers.
;;
;; The memory is the columns' (column-operations.ts); a column is an even number of doubles. `out` may be an operand.
(module
  (import "host" "memory" (memory 1))
  ;; beyond(x): the sine where the reduction below is not accurate enough, or x is no number of moderate size.
  (import "sine" "beyond" (func $beyond (param f64) (result f64)))
  (export "memory" (memory 0))

  ;; out = x + y
  (func (export "add") (param $x i32) (param $y i32) (param $out i32) (param $pairs i32)
    (loop $next
      (v128.store (local.get $out) (f64x2.add (v128.load (local.get $x)) (v128.load (local.get $y))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $y (i32.add (local.get $y) (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (br_if $next (local.tee $pairs (i32.sub (local.get $pairs) (i32.const 1))))))

  ;; out = x - y
  (func (export "sub") (param $x i32) (param $y i32) (param $out i32) (param $pairs i32)
    (loop $next
      (v128.store (local.get $out) (f64x2.sub (v128.load (local.get $x)) (v128.load (local.get $y))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $y (i32.add (local.get $y) (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (br_if $next (local.tee $pairs (i32.sub (local.get $pairs) (i32.const 1))))))

  ;; out = x * y
  (func (export "mul") (param $x i32) (param $y i32) (param $out i32) (param $pairs i32)
    (loop $next
      (v128.store (local.get $out) (f64x2.mul (v128.load (local.get $x)) (v128.load (local.get $y))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $y (i32.add (local.get $y) (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (br_if $next (local.tee $pairs (i32.sub (local.get $pairs) (i32.const 1))))))

  ;; out = x + c
  (func (export "addConstant") (param $x i32) (param $c f64) (param $out i32) (param $pairs i32)
    (local $cc v128)
    (local.set $cc (f64x2.splat (local.get $c)))
    (loop $next
      (v128.store (local.get $out) (f64x2.add (v128.load (local.get $x)) (local.get $cc)))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (br_if $next (local.tee $pairs (i32.sub (local.get $pairs) (i32.const 1))))))

  ;; out = c - x
  (func (export "subFromConstant") (param $x i32) (param $c f64) (param $out i32) (param $pairs i32)
    (local $cc v128)
    (local.set $cc (f64x2.splat (local.get $c)))
    (loop $next
      (v128.store (local.get $out) (f64x2.sub (local.get $cc) (v128.load (local.get $x))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (br_if $next (local.tee $pairs (i32.sub (local.get $pairs) (i32.const 1))))))

  ;; out = x * c
  (func (export "mulConstant") (param $x i32) (param $c f64) (param $out i32) (param $pairs i32)
    (local $cc v128)
    (local.set $cc (f64x2.splat (local.get $c)))
    (loop $next
      (v128.store (local.get $out) (f64x2.mul (v128.load (local.get $x)) (local.get $cc)))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (br_if $next (local.tee $pairs (i32.sub (local.get $pairs) (i32.const 1))))))

  ;; out = sin x, which is another column; sine.ts says what is computed.
  (func (export "sin") (param $from i32) (param $to i32) (param $pairs i32)
    (local $at i32) (local $left i32)
    (local $x v128) (local $turns v128) (local $n v128) (local $y v128) (local $z v128) (local $p v128) (local $all v128)
    (local.set $left (local.get $pairs))
    (local.set $all (v128.const i64x2 -1 -1))
    (loop $next
      (local.set $x (v128.load (i32.add (local.get $from) (local.get $at))))
      ;; Adding 1.5 * 2^52 rounds x / pi to the nearest integer n, whose lowest bit is then the lowest of the sum.
      (local.set $turns
        (f64x2.add (f64x2.mul (local.get $x) (v128.const f64x2 0.3183098861837907 0.3183098861837907)) (v128.const f64x2 6755399441055744 6755399441055744)))
      (local.set $n (f64x2.sub (local.get $turns) (v128.const f64x2 6755399441055744 6755399441055744)))
      (local.set $y
        (f64x2.sub
          (f64x2.sub (local.get $x) (f64x2.mul (local.get $n) (v128.const f64x2 3.1415926534682512 3.1415926534682512)))
          (f64x2.mul (local.get $n) (v128.const f64x2 1.2154201013012384e-10 1.2154201013012384e-10))))
      (local.set $z (f64x2.mul (local.get $y) (local.get $y)))
      (local.set $all (v128.and (local.get $all)
        (v128.and
          (f64x2.gt (local.get $z) (v128.const f64x2 1e-10 1e-10))
          (f64x2.lt (f64x2.mul (local.get $x) (local.get $x)) (v128.const f64x2 1e10 1e10)))))
      (local.set $p (v128.const f64x2 2.73144475909634e-15 2.73144475909634e-15))
      (local.set $p (f64x2.add (v128.const f64x2 -7.643970296165793e-13 -7.643970296165793e-13) (f64x2.mul (local.get $z) (local.get $p))))
      (local.set $p (f64x2.add (v128.const f64x2 1.6058977312444268e-10 1.6058977312444268e-10) (f64x2.mul (local.get $z) (local.get $p))))
      (local.set $p (f64x2.add (v128.const f64x2 -2.5052107616995878e-8 -2.5052107616995878e-8) (f64x2.mul (local.get $z) (local.get $p))))
      (local.set $p (f64x2.add (v128.const f64x2 2.755731921916323e-6 2.755731921916323e-6) (f64x2.mul (local.get $z) (local.get $p))))
      (local.set $p (f64x2.add (v128.const f64x2 -0.00019841269841254974 -0.00019841269841254974) (f64x2.mul (local.get $z) (local.get $p))))
      (local.set $p (f64x2.add (v128.const f64x2 0.008333333333333316 0.008333333333333316) (f64x2.mul (local.get $z) (local.get $p))))
      (local.set $p (f64x2.add (v128.const f64x2 -0.16666666666666666 -0.16666666666666666) (f64x2.mul (local.get $z) (local.get $p))))
      (v128.store (i32.add (local.get $to) (local.get $at))
        (v128.xor
          (f64x2.add (local.get $y) (f64x2.mul (f64x2.mul (local.get $y) (local.get $z)) (local.get $p)))
          (i64x2.shl (local.get $turns) (i32.const 63))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (if (i32.eqz (i64x2.all_true (local.get $all)))
      (then (call $mend (local.get $from) (local.get $to) (i32.shl (local.get $pairs) (i32.const 1))))))

  ;; The sines that the loop above cannot give.
  (func $mend (param $from i32) (param $to i32) (param $count i32)
    (local $x f64) (local $n f64) (local $y f64)
    (loop $next
      (local.set $x (f64.load (local.get $from)))
      (local.set $n
        (f64.sub
          (f64.add (f64.mul (local.get $x) (f64.const 0.3183098861837907)) (f64.const 6755399441055744))
          (f64.const 6755399441055744)))
      (local.set $y
        (f64.sub
          (f64.sub (local.get $x) (f64.mul (local.get $n) (f64.const 3.1415926534682512)))
          (f64.mul (local.get $n) (f64.const 1.2154201013012384e-10))))
      (if
        (i32.eqz
          (i32.and
            (f64.gt (f64.mul (local.get $y) (local.get $y)) (f64.const 1e-10))
            (f64.lt (f64.mul (local.get $x) (local.get $x)) (f64.const 1e10))))
        (then (f64.store (local.get $to) (call $beyond (local.get $x)))))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (local.set $to (i32.add (local.get $to) (i32.const 8)))
      (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))))
