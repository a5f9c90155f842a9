import { daysComeRight } from './days.ts';

daysComeRight(16, 30);
