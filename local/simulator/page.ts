import { Rejection } from './answer.ts';

/** The published samples show ten; a larger `limit` is not honoured, so that callers have to follow `hasMore`. */
const PAGE_SIZE = 10;

export interface Page<T> {
  readonly results: readonly T[];
  readonly page: number;
  readonly limit: number;
  readonly hasMore: boolean;
  readonly totalPages: number;
  readonly totalResults: number;
}

/** The part of a list that `page` (from 1) and `limit` ask for. */
export function pageOf<T>(items: readonly T[], query: URLSearchParams): Page<T> {
  const page = count(query, 'page', 1);
  const limit = Math.min(count(query, 'limit', PAGE_SIZE), PAGE_SIZE);
  const totalPages = Math.ceil(items.length / limit);
  return {
    results: items.slice((page - 1) * limit, page * limit),
    page,
    limit,
    hasMore: page < totalPages,
    totalPages,
    totalResults: items.length,
  };
}

/** A query parameter that is a whole number from 1. */
export function count(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Rejection(400, `${name}: must be a whole number from 1`);
  return Number(text);
}
