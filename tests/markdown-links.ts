/** Relative links of a Markdown file that lead nowhere. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './workspace.js'

const LINK = /\]\(([^)\s]+)\)/g

const withoutCode = (text: string): string => text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '')

/** The anchor that Markdown viewers give a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/ /g, '-')

const anchorsOf = (path: string): readonly string[] => {
  const text = readFileSync(path, 'utf8').replace(/^```.*?^```$/gms, '')
  return [...text.matchAll(/^#+ (.*)$/gm)].map((found) => anchorOf(found[1]))
}

const leadsNowhere = (from: string, link: string): boolean => {
  const [path, anchor] = link.split('#')
  const target = path === '' ? join(root, from) : join(root, dirname(from), path)
  if (!existsSync(target)) return true
  return anchor !== undefined && (statSync(target).isDirectory() || !anchorsOf(target).includes(anchor))
}

export const brokenLinks = (file: string): readonly string[] =>
  [...withoutCode(readFileSync(join(root, file), 'utf8')).matchAll(LINK)]
    .map((found) => found[1])
    .filter((link) => !/^[a-z]+:/.test(link) && leadsNowhere(file, link))
