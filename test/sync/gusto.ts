/** @see https://docs.gusto.com/embedded-payroll/reference/get-v1-companies-company_id-employees */
export const gustoEmployee = (number: number) => ({
  uuid: `7b1d0df1-6403-4a06-8768-${String(number).padStart(12, '0')}`,
  first_name: `Given ${number}`,
  last_name: `Family ${number}`,
  work_email: `person-${number}@acme.test`,
  terminated: false,
  terminations: [],
  jobs: [{ primary: true, title: 'Agent', hire_date: '2025-01-10' }],
});
