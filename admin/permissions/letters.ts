/** The verbs, in the order people read them. */
export const LETTERS = ['r', 'c', 'u', 'd', 'i', 'x'] as const;
export type Letter = (typeof LETTERS)[number];
