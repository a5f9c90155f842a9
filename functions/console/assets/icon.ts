/** The console's sign in the browser's tab. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b57d0"/><circle cx="8" cy="6" r="2.6" fill="#fff"/><path d="M3 13.5c.6-2.6 2.6-4 5-4s4.400 1.400 5 4z" fill="#fff"/></svg>';
