import { daysComeRight } from './days.ts';

daysComeRight(1, 12);
