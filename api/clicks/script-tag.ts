/** The tag by which a page of others is measured. */

/** @param origin where this system is reached, without a slash at its end */
export function scriptTag(origin: string, code: string): string {
  return `<script async src="${origin}/t.js" data-page="${code}"></script>`;
}
