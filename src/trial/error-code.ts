/** Whether the system refused with this code, such as `ENOENT`: errno(3). */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
