/** A way to reach apps. The four built in are named for completion; a user's own backend may have any name. */
export type BackendId = 'rest' | 'composio' | 'membrane' | 'scalekit' | (string & {});

/** How a call travels: the backend's named tool, the app's HTTP request through the backend, or our own HTTP with our own key. */
export type Transport = 'tool' | 'proxy' | 'direct';

/** What is known about a request: it never left, the far side answered, or nobody can tell. */
export type Delivery = 'not-sent' | 'answered' | 'unknown';
