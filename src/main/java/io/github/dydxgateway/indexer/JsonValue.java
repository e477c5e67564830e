package io.github.dydxgateway.indexer;

/** What kind of value stands in JSON. */
enum JsonValue {
  OBJECT,
  ARRAY,
  STRING,
  NUMBER,
  TRUE,
  FALSE,
  NULL
}
