// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

// The parts of etcd's API (v3, `rpc.proto`) that are used here, as its JSON gateway writes them: keys and values in
// base64, 64-bit numbers as texts, and what is zero or empty left out.

/// A number of 64 bits that is not negative; etcd's have signs, so that one can be added to it.
struct EtcdNumber: Codable, Sendable, Equatable {
  var value: UInt64

  init(_ value: UInt64) {
    self.value = value
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let value = Int64(try container.decode(String.self)), value >= 0 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no number of 0 to 2^63 - 1")
    }
    self.value = UInt64(value)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode("\(self.value)")
  }
}

struct EtcdHeader: Decodable, Sendable {
  var revision: EtcdNumber?
}

struct EtcdPair: Decodable, Sendable {
  var key: Data
  var value: Data?
  var created: EtcdNumber?
  var modified: EtcdNumber?
  var lease: EtcdNumber?

  enum CodingKeys: String, CodingKey {
    case key, value, lease
    case created = "create_revision"
    case modified = "mod_revision"
  }
}

struct EtcdRange: Encodable, Sendable {
  var key: Data
  /// Nil: `key` alone.
  var end: Data?
  /// Nil: all.
  var limit: Int?
  /// Nil: as it is now.
  var revision: EtcdNumber?
  var keysOnly: Bool?
  var countOnly: Bool?

  enum CodingKeys: String, CodingKey {
    case key, limit, revision
    case end = "range_end"
    case keysOnly = "keys_only"
    case countOnly = "count_only"
  }

  struct Answer: Decodable, Sendable {
    var header: EtcdHeader?
    var kvs: [EtcdPair]?
    var more: Bool?
    var count: EtcdNumber?
  }
}

struct EtcdTransaction: Encodable, Sendable {
  /// All must hold for `success`.
  var compare: [Comparison]
  var success: [Operation]
  var failure: [Operation]

  /// Equality with a number; 0 where there is no such key.
  struct Comparison: Encodable, Sendable {
    var key: Data
    var target: String
    var result = "EQUAL"
    var created: EtcdNumber?
    var modified: EtcdNumber?

    enum CodingKeys: String, CodingKey {
      case key, target, result
      case created = "create_revision"
      case modified = "mod_revision"
    }

    static func created(_ key: Data, at revision: UInt64) -> Comparison {
      Comparison(key: key, target: "CREATE", created: EtcdNumber(revision))
    }

    static func modified(_ key: Data, at revision: UInt64) -> Comparison {
      Comparison(key: key, target: "MOD", modified: EtcdNumber(revision))
    }
  }

  /// One of them.
  struct Operation: Encodable, Sendable {
    var put: Put?
    var delete: EtcdRange?
    var range: EtcdRange?

    enum CodingKeys: String, CodingKey {
      case put = "request_put"
      case delete = "request_delete_range"
      case range = "request_range"
    }
  }

  struct Put: Encodable, Sendable {
    var key: Data
    var value: Data
    var lease: EtcdNumber?
  }

  struct Answer: Decodable, Sendable {
    var header: EtcdHeader?
    var succeeded: Bool?
    var responses: [Response]?
  }

  struct Response: Decodable, Sendable {
    var range: EtcdRange.Answer?

    enum CodingKeys: String, CodingKey {
      case range = "response_range"
    }
  }
}

struct EtcdWatch: Encodable, Sendable {
  var create: Create

  enum CodingKeys: String, CodingKey {
    case create = "create_request"
  }

  struct Create: Encodable, Sendable {
    var key: Data
    /// Nil: `key` alone.
    var end: Data?
    /// The first one that is wanted.
    var start: EtcdNumber

    enum CodingKeys: String, CodingKey {
      case key
      case end = "range_end"
      case start = "start_revision"
    }
  }

  struct Answer: Decodable, Sendable {
    var canceled: Bool?
    /// Not zero: what was before it is forgotten, and so is what was asked for.
    var compacted: EtcdNumber?
    var reason: String?
    var events: [Event]?

    enum CodingKeys: String, CodingKey {
      case canceled, events
      case compacted = "compact_revision"
      case reason = "cancel_reason"
    }
  }

  struct Event: Decodable, Sendable {
    /// Nil: PUT.
    var type: String?
    var kv: EtcdPair
  }
}

/// A line of a stream.
struct EtcdStreamed<Answer: Decodable & Sendable>: Decodable, Sendable {
  var result: Answer?
  var error: EtcdFailure?
}

enum EtcdLease {
  struct Grant: Encodable, Sendable {
    var seconds: EtcdNumber

    enum CodingKeys: String, CodingKey {
      case seconds = "TTL"
    }
  }

  struct Reference: Encodable, Sendable {
    var lease: EtcdNumber

    enum CodingKeys: String, CodingKey {
      case lease = "ID"
    }
  }

  struct Answer: Decodable, Sendable {
    var lease: EtcdNumber?
    /// What is left; nil: the lease is gone.
    var seconds: EtcdNumber?

    enum CodingKeys: String, CodingKey {
      case lease = "ID"
      case seconds = "TTL"
    }
  }

  /// Of a revocation.
  struct Gone: Decodable, Sendable {}
}

struct EtcdAuthentication: Encodable, Sendable {
  var name: String
  var password: String

  struct Answer: Decodable, Sendable {
    var token: String?
  }
}
