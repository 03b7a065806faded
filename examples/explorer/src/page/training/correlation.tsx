/** Correlations of true and learned latents, as a table whose cells are as dark as they are large. */

export const Correlation = ({ table }: { readonly table: ReadonlyArray<ReadonlyArray<number>> }) => (
  <div class="scroll">
    <table class="heat">
      <caption>|correlation| of true (rows) and learned latents (columns)</caption>
      <thead>
        <tr>
          <td />
          {table.map((_, j) => (
            <th key={j} scope="col">
              ẑ{j}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.map((row, i) => (
          <tr key={i}>
            <th scope="row">z{i}</th>
            {row.map((value, j) => (
              <td key={j} style={{ '--share': `${Math.round(100 * value)}%` }}>
                {value.toFixed(2)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
