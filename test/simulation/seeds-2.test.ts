import { daysComeRight } from './days.ts';

daysComeRight(151, 300);
