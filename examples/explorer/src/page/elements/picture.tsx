/** A picture that one of our packages drew: SVG text, with all names in it escaped by the package. */

interface Props {
  readonly svg: string
  readonly caption?: string
}

export const Picture = ({ svg, caption }: Props) => (
  <figure class="picture">
    <div class="scroll" dangerouslySetInnerHTML={{ __html: svg }} />
    {caption !== undefined && <figcaption>{caption}</figcaption>}
  </figure>
)
