import { daysComeRight } from './days.ts';

daysComeRight(13, 24);
