import { attributesOf, guessName } from '../../events/attributes.ts';
import type { Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, credential, segment } from '../../sources/option.ts';

/** `GET /v1/employments/{id}`. @see https://developer.remote.com/reference/get_show_employment */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const base = baseUrl(context, () => 'https://gateway.remote.com');
  const { status, body } = await context.call({
    method: 'GET',
    url: `${base}/v1/employments/${segment(id)}`,
    headers: { authorization: `Bearer ${credential(context)}`, accept: 'application/json' },
  });
  if (status === 404) return { outcome: 'not-found' };
  const employment = body.at('data.employment');
  const email = employment.text('work_email') ?? employment.text('personal_email');
  const state = employment.text('user_status') ?? employment.text('status');
  return {
    outcome: 'found',
    person: attributesOf({
      ...guessName(employment.text('full_name')),
      userName: email,
      email,
      title: employment.text('job_title'),
      userType: employment.text('type'),
      phone: employment.text('basic_information.mobile_number'),
      active:
        state === undefined ? undefined : !/inactive|deactivated|archived|deleted|offboarded/i.test(state),
    }),
  };
};
