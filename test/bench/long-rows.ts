/** How many rows a child table has while forms are measured. */
export const ROWS = 1_000;
