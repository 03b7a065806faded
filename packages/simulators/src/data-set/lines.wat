;; Lines of single-precision numbers, row-major: sums of columns, and standardization with noise. Sums are in double
;; precision, each column by itself from the first line on; no multiply-add is fused. So plain JavaScript gives the very same
;; numbers.
;;
;; Memory is laid out by lines.ts. A strip is eight columns; what the last strip reads beyond the width does not count.
(module
  (memory (export "memory") 2)

  ;; sums[j] += data[line, j]
  (func (export "sums") (param $lines i32) (param $strips i32) (param $stride i32) (param $data i32) (param $sums i32)
    (local $at i32) (local $left i32) (local $x v128) (local $y v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (loop $strip
      (local.set $at (local.get $data))
      (local.set $left (local.get $lines))
      (local.set $a (v128.load (local.get $sums)))
      (local.set $b (v128.load offset=16 (local.get $sums)))
      (local.set $c (v128.load offset=32 (local.get $sums)))
      (local.set $d (v128.load offset=48 (local.get $sums)))
      (loop $line
        (local.set $x (v128.load (local.get $at)))
        (local.set $y (v128.load offset=16 (local.get $at)))
        (local.set $a (f64x2.add (local.get $a) (f64x2.promote_low_f32x4 (local.get $x))))
        (local.set $b (f64x2.add (local.get $b) (f64x2.promote_low_f32x4
          (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $x) (local.get $x)))))
        (local.set $c (f64x2.add (local.get $c) (f64x2.promote_low_f32x4 (local.get $y))))
        (local.set $d (f64x2.add (local.get $d) (f64x2.promote_low_f32x4
          (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $y) (local.get $y)))))
        (local.set $at (i32.add (local.get $at) (local.get $stride)))
        (br_if $line (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (v128.store (local.get $sums) (local.get $a))
      (v128.store offset=16 (local.get $sums) (local.get $b))
      (v128.store offset=32 (local.get $sums) (local.get $c))
      (v128.store offset=48 (local.get $sums) (local.get $d))
      (local.set $sums (i32.add (local.get $sums) (i32.const 64)))
      (local.set $data (i32.add (local.get $data) (i32.const 32)))
      (br_if $strip (local.tee $strips (i32.sub (local.get $strips) (i32.const 1))))))

  ;; sums[j] += (data[line, j] - mean[j])²
  (func (export "squares")
    (param $lines i32) (param $strips i32) (param $stride i32) (param $data i32) (param $sums i32) (param $mean i32)
    (local $at i32) (local $left i32) (local $x v128) (local $y v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $ma v128) (local $mb v128) (local $mc v128) (local $md v128)
    (loop $strip
      (local.set $at (local.get $data))
      (local.set $left (local.get $lines))
      (local.set $a (v128.load (local.get $sums)))
      (local.set $b (v128.load offset=16 (local.get $sums)))
      (local.set $c (v128.load offset=32 (local.get $sums)))
      (local.set $d (v128.load offset=48 (local.get $sums)))
      (local.set $ma (v128.load (local.get $mean)))
      (local.set $mb (v128.load offset=16 (local.get $mean)))
      (local.set $mc (v128.load offset=32 (local.get $mean)))
      (local.set $md (v128.load offset=48 (local.get $mean)))
      (loop $line
        (local.set $y (v128.load (local.get $at)))
        (local.set $x (f64x2.sub (f64x2.promote_low_f32x4 (local.get $y)) (local.get $ma)))
        (local.set $a (f64x2.add (local.get $a) (f64x2.mul (local.get $x) (local.get $x))))
        (local.set $x (f64x2.sub (f64x2.promote_low_f32x4
          (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $y) (local.get $y))) (local.get $mb)))
        (local.set $b (f64x2.add (local.get $b) (f64x2.mul (local.get $x) (local.get $x))))
        (local.set $y (v128.load offset=16 (local.get $at)))
        (local.set $x (f64x2.sub (f64x2.promote_low_f32x4 (local.get $y)) (local.get $mc)))
        (local.set $c (f64x2.add (local.get $c) (f64x2.mul (local.get $x) (local.get $x))))
        (local.set $x (f64x2.sub (f64x2.promote_low_f32x4
          (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $y) (local.get $y))) (local.get $md)))
        (local.set $d (f64x2.add (local.get $d) (f64x2.mul (local.get $x) (local.get $x))))
        (local.set $at (i32.add (local.get $at) (local.get $stride)))
        (br_if $line (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (v128.store (local.get $sums) (local.get $a))
      (v128.store offset=16 (local.get $sums) (local.get $b))
      (v128.store offset=32 (local.get $sums) (local.get $c))
      (v128.store offset=48 (local.get $sums) (local.get $d))
      (local.set $sums (i32.add (local.get $sums) (i32.const 64)))
      (local.set $mean (i32.add (local.get $mean) (i32.const 64)))
      (local.set $data (i32.add (local.get $data) (i32.const 32)))
      (br_if $strip (local.tee $strips (i32.sub (local.get $strips) (i32.const 1))))))

  ;; data[i] = (data[i] - mean[i mod period]) * inverse[i mod period] + noise * draws[i], four numbers at a time. Mean and
  ;; inverse are four lines long, hence a whole number of fours.
  (func (export "finish")
    (param $fours i32) (param $period i32) (param $data i32) (param $mean i32) (param $inverse i32) (param $draws i32)
    (param $noise f64)
    (local $x v128) (local $n v128) (local $low v128) (local $high v128) (local $p i32)
    (local.set $n (f64x2.splat (local.get $noise)))
    (loop $next
      (local.set $x (v128.load (local.get $data)))
      (local.set $low
        (f64x2.add
          (f64x2.mul
            (f64x2.sub (f64x2.promote_low_f32x4 (local.get $x)) (v128.load (i32.add (local.get $mean) (local.get $p))))
            (v128.load (i32.add (local.get $inverse) (local.get $p))))
          (f64x2.mul (local.get $n) (v128.load (local.get $draws)))))
      (local.set $high
        (f64x2.add
          (f64x2.mul
            (f64x2.sub
              (f64x2.promote_low_f32x4
                (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $x) (local.get $x)))
              (v128.load offset=16 (i32.add (local.get $mean) (local.get $p))))
            (v128.load offset=16 (i32.add (local.get $inverse) (local.get $p))))
          (f64x2.mul (local.get $n) (v128.load offset=16 (local.get $draws)))))
      (v128.store (local.get $data)
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
          (f32x4.demote_f64x2_zero (local.get $low)) (f32x4.demote_f64x2_zero (local.get $high))))
      (local.set $data (i32.add (local.get $data) (i32.const 16)))
      (local.set $draws (i32.add (local.get $draws) (i32.const 32)))
      (local.set $p (i32.add (local.get $p) (i32.const 32)))
      (if (i32.eq (local.get $p) (local.get $period)) (then (local.set $p (i32.const 0))))
      (br_if $next (local.tee $fours (i32.sub (local.get $fours) (i32.const 1)))))))
