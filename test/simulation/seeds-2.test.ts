import { daysComeRight } from './days.ts';

daysComeRight(31, 60);
