/** The product's sign: a tree that keeps its leaves. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="mark">
      <rect width="32" height="32" rx="8" />
      <path d="M16 5.5 9 15h3.4L7.5 22h7v4.5h3V22h7l-4.9-7H23z" />
    </svg>
  );
}
