import { instance } from '@mechid/wasm'

// (module (memory (export "memory") 1) (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
const ADD = 'AGFzbQEAAAABBwFgAn9/AX8DAgEABQMBAAEHEAIGbWVtb3J5AgADYWRkAAAKCQEHACAAIAFqCw=='
console.log(instance<{ add: (a: number, b: number) => number }>(ADD)?.add(2, 3))
