/** What the arrays of a file are for. */
import type { OpenedFile } from './messages.js'

export type Role = 'x' | 'a' | 'none'
export type Roles = Readonly<Record<string, Role>>

/** By name: `x`, `x1`, `obs…`, `feature…`; `a`, `a_0`, `action…`. */
const roleByName = (name: string): Role => {
  if (/^(x|obs|feature)/i.test(name)) return 'x'
  return /^(a|act)(ion)?s?[\d_.-]*$/i.test(name) ? 'a' : 'none'
}

/** A guess by names. What cannot be used has no role; of an archive at most one array each is taken. */
export const suggestedRoles = ({ arrays, kind }: OpenedFile): Roles => {
  const taken = new Set<Role>()
  const roles: Record<string, Role> = {}
  for (const { name, fault } of arrays) {
    const role = fault === undefined ? roleByName(name) : 'none'
    const free = kind === 'table' || !taken.has(role)
    roles[name] = free ? role : 'none'
    taken.add(role)
  }
  return roles
}

/** With one role changed; of an archive each role has one array. */
export const withRole = ({ kind }: OpenedFile, roles: Roles, name: string, role: Role): Roles =>
  Object.fromEntries(
    Object.entries(roles).map(([other, before]) => {
      if (other === name) return [other, role]
      return [other, kind === 'npz' && before === role ? 'none' : before]
    })
  )
