/** Hosts of workflows of Teams and Power Automate, which take a card and no plain text. */
const TAKES_CARDS = /(^|\.)(logic\.azure\.com|powerplatform\.com|powerautomate\.com)$/i;

/**
 * What an incoming webhook takes: Slack, and whatever is made like it, a text; a workflow of Teams an Adaptive Card.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/
 * @see https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
export function bodyFor(url: string, text: string): object {
  if (!TAKES_CARDS.test(new URL(url).hostname)) return { text };
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: text.split('\n').map((line) => ({ type: 'TextBlock', text: line, wrap: true })),
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}
