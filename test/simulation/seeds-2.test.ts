import { daysComeRight } from './days.ts';

daysComeRight(41, 80);
