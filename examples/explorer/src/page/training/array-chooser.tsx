/** Which arrays or columns of a file are observations, and which are actions. */
import type { OpenedFile } from './messages.js'
import { type Role, type Roles, withRole } from './roles.js'

interface Props {
  readonly opened: OpenedFile
  readonly roles: Roles
  readonly disabled: boolean
  readonly onChange: (roles: Roles) => void
}

const titles: ReadonlyArray<readonly [Role, string]> = [
  ['x', 'observation'],
  ['a', 'action'],
  ['none', 'unused']
]

export const ArrayChooser = ({ opened, roles, disabled, onChange }: Props) => (
  <fieldset class="card" disabled={disabled}>
    <legend>
      {opened.kind === 'npz' ? 'Arrays' : 'Columns'} of {opened.name}
    </legend>
    <div class="scroll tall">
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">name</th>
            <th scope="col">{opened.kind === 'npz' ? 'shape' : 'rows'}</th>
            <th scope="col">is</th>
          </tr>
        </thead>
        <tbody>
          {opened.arrays.map(({ name, shape, fault }) => (
            <tr key={name}>
              <th scope="row" class="name">
                {name}
              </th>
              <td>{shape.join(' × ')}</td>
              <td>
                {fault === undefined ? (
                  <select
                    aria-label={`What ${name} is`}
                    value={roles[name]}
                    onChange={(event) =>
                      onChange(withRole(opened, roles, name, event.currentTarget.value as Role))
                    }
                  >
                    {titles.map(([role, title]) => (
                      <option key={role} value={role} selected={roles[name] === role}>
                        {title}
                      </option>
                    ))}
                  </select>
                ) : (
                  <span class="quiet">{fault}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </fieldset>
)
