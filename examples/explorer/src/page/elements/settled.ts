/** What is slow to follow waits until a value has stayed the same for a moment. */
import { useEffect, useState } from 'preact/hooks'

/** The value as it was before its last changes, until none comes for `milliseconds`. */
export const useSettled = <A>(value: A, milliseconds: number): A => {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return settled
}
