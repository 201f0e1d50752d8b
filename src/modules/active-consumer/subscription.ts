import { compileTopicPattern, type TopicMatcher, type TopicSummary } from '../../clients/kafka/topic-list.ts';
import type { TopicPartition } from '../../clients/record.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';

/** What an instance takes part in: topics shared in its group, all topics of a pattern, or partitions by hand. */
export type Subscription =
  | { readonly kind: 'none' }
  | { readonly kind: 'topics'; readonly topics: readonly string[] }
  | { readonly kind: 'pattern'; readonly matches: TopicMatcher; readonly topics: readonly string[] }
  | { readonly kind: 'partitions'; readonly partitions: readonly TopicPartition[] };

/** A subscription as asked for. */
export type SubscriptionRequest =
  | { readonly kind: 'topics'; readonly topics: readonly string[] }
  | { readonly kind: 'pattern'; readonly matches: TopicMatcher };

const topicName = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/;

/** @throws SidecarError ERR11004 for both or neither kind, an illegal topic name or pattern */
export function parseSubscription(
  topics: readonly string[] | undefined,
  pattern: string | undefined,
): SubscriptionRequest {
  if ((topics === undefined) === (pattern === undefined)) {
    throw new SidecarError('ERR11004', 'body must have either topics or topic_pattern');
  }
  if (pattern !== undefined) return { kind: 'pattern', matches: compileTopicPattern(pattern) };
  topics!.forEach((topic, i) => {
    if (topicName.test(topic)) return;
    throw new SidecarError(
      'ERR11004',
      `body #/topics/${i} is no topic name: 1 to 249 of a-z A-Z 0-9 . _ -, not . or ..`,
    );
  });
  return { kind: 'topics', topics: [...new Set(topics)] };
}

/** Names of the topics that match, sorted. */
export function matchingTopics(matches: TopicMatcher, topics: readonly TopicSummary[]): string[] {
  return topics
    .map(({ name }) => name)
    .filter(matches)
    .toSorted();
}

/** Topics subscribed to by name, those a pattern matched included. */
export function subscribedTopics(subscription: Subscription): readonly string[] {
  return subscription.kind === 'topics' || subscription.kind === 'pattern' ? subscription.topics : [];
}

export function nothingSubscribed(): SidecarError {
  return new SidecarError('ERR12222', 'nothing is subscribed; POST …/subscriptions or …/assignments first');
}

export function mixed(reason: string): SidecarError {
  return new SidecarError('ERR12222', `${reason}; DELETE …/subscriptions before the other kind`);
}
