/** SmartAssist's own fixed words. */

/** From the least to the most. */
export const PROFICIENCIES = ['novice', 'average', 'good', 'expert'] as const;
export type Proficiency = (typeof PROFICIENCIES)[number];

/** The starting page's generation of the API, and the newest documentation's. */
export const API_GENERATIONS = ['smartassist', 'ai-for-service'] as const;
export type ApiGeneration = (typeof API_GENERATIONS)[number];
