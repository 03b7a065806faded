/** `page.html: /address`, one for each link of a built site that leads nowhere: pages, anchors, pictures. */
export const brokenLinksIn: (folder: string) => readonly string[]
