;; Two passes over the lower triangle of a symmetric matrix, two rows and two columns at a time: of the rows i and
;; i + 1, i even, the columns before i. What is on and beside the diagonal is left to the caller.
;; Addresses and the stride are in bytes.
(module
  (import "host" "memory" (memory 1))
  (export "memory" (memory 0))
  ;; p[j] += a[i][j] v[i] + a[i+1][j] v[i+1]; p[i] += a[i] v; p[i+1] += a[i+1] v
  (func (export "times") (param $a i32) (param $stride i32) (param $pairs i32) (param $v i32) (param $p i32)
    (local $at i32) (local $to i32) (local $j i32) (local $end i32) (local $head i32)
    (local $x0 v128) (local $x1 v128) (local $s0 v128) (local $s1 v128) (local $y0 v128) (local $y1 v128) (local $w v128)
    (local.set $at (local.get $a))
    (block $done
      (loop $rows
        (br_if $done (i32.eqz (local.get $pairs)))
        (local.set $to (i32.add (local.get $at) (local.get $stride)))
        (local.set $head (i32.add (local.get $v) (local.get $end)))
        (local.set $x0 (v128.load64_splat (local.get $head)))
        (local.set $x1 (v128.load64_splat offset=8 (local.get $head)))
        (local.set $s0 (v128.const f64x2 0 0))
        (local.set $s1 (v128.const f64x2 0 0))
        (local.set $j (i32.const 0))
        (block $rowDone
          (loop $columns
            (br_if $rowDone (i32.ge_u (local.get $j) (local.get $end)))
            (local.set $y0 (v128.load (i32.add (local.get $at) (local.get $j))))
            (local.set $y1 (v128.load (i32.add (local.get $to) (local.get $j))))
            (local.set $w (v128.load (i32.add (local.get $v) (local.get $j))))
            (local.set $s0 (f64x2.add (local.get $s0) (f64x2.mul (local.get $y0) (local.get $w))))
            (local.set $s1 (f64x2.add (local.get $s1) (f64x2.mul (local.get $y1) (local.get $w))))
            (v128.store (i32.add (local.get $p) (local.get $j))
              (f64x2.add (v128.load (i32.add (local.get $p) (local.get $j)))
                (f64x2.add
                  (f64x2.mul (local.get $y0) (local.get $x0))
                  (f64x2.mul (local.get $y1) (local.get $x1)))))
            (local.set $j (i32.add (local.get $j) (i32.const 16)))
            (br $columns)))
        (local.set $head (i32.add (local.get $p) (local.get $end)))
        (f64.store (local.get $head)
          (f64.add (f64.load (local.get $head))
            (f64.add (f64x2.extract_lane 0 (local.get $s0)) (f64x2.extract_lane 1 (local.get $s0)))))
        (f64.store offset=8 (local.get $head)
          (f64.add (f64.load offset=8 (local.get $head))
            (f64.add (f64x2.extract_lane 0 (local.get $s1)) (f64x2.extract_lane 1 (local.get $s1)))))
        (local.set $at (i32.add (local.get $to) (local.get $stride)))
        (local.set $end (i32.add (local.get $end) (i32.const 16)))
        (local.set $pairs (i32.sub (local.get $pairs) (i32.const 1)))
        (br $rows))))
  ;; a[i][j] -= v[i] p[j] + p[i] v[j], and alike for i + 1
  (func (export "update") (param $a i32) (param $stride i32) (param $pairs i32) (param $v i32) (param $p i32)
    (local $at i32) (local $to i32) (local $j i32) (local $end i32)
    (local $x0 v128) (local $x1 v128) (local $y0 v128) (local $y1 v128) (local $w v128) (local $q v128)
    (local.set $at (local.get $a))
    (block $done
      (loop $rows
        (br_if $done (i32.eqz (local.get $pairs)))
        (local.set $to (i32.add (local.get $at) (local.get $stride)))
        (local.set $x0 (v128.load64_splat (i32.add (local.get $v) (local.get $end))))
        (local.set $x1 (v128.load64_splat offset=8 (i32.add (local.get $v) (local.get $end))))
        (local.set $y0 (v128.load64_splat (i32.add (local.get $p) (local.get $end))))
        (local.set $y1 (v128.load64_splat offset=8 (i32.add (local.get $p) (local.get $end))))
        (local.set $j (i32.const 0))
        (block $rowDone
          (loop $columns
            (br_if $rowDone (i32.ge_u (local.get $j) (local.get $end)))
            (local.set $w (v128.load (i32.add (local.get $v) (local.get $j))))
            (local.set $q (v128.load (i32.add (local.get $p) (local.get $j))))
            (v128.store (i32.add (local.get $at) (local.get $j))
              (f64x2.sub (v128.load (i32.add (local.get $at) (local.get $j)))
                (f64x2.add
                  (f64x2.mul (local.get $x0) (local.get $q))
                  (f64x2.mul (local.get $y0) (local.get $w)))))
            (v128.store (i32.add (local.get $to) (local.get $j))
              (f64x2.sub (v128.load (i32.add (local.get $to) (local.get $j)))
                (f64x2.add
                  (f64x2.mul (local.get $x1) (local.get $q))
                  (f64x2.mul (local.get $y1) (local.get $w)))))
            (local.set $j (i32.add (local.get $j) (i32.const 16)))
            (br $columns)))
        (local.set $at (i32.add (local.get $to) (local.get $stride)))
        (local.set $end (i32.add (local.get $end) (i32.const 16)))
        (local.set $pairs (i32.sub (local.get $pairs) (i32.const 1)))
        (br $rows)))))
