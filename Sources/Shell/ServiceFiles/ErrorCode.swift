// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Names a kind of mistake in messages, logs and the API. `docs/reference/configuration.md` describes each.
package enum ErrorCode: String, Sendable, CaseIterable {
  // The file as a text.

  /// The file cannot be opened or read.
  case fileUnreadable = "file-unreadable"
  case fileTooLarge = "file-too-large"
  case emptyFile = "empty-file"
  case notUTF8 = "not-utf8"
  /// A character that is no part of a text, or one that ends a line for some programs and not for others.
  case badCharacter = "bad-character"
  /// A tab in the indentation.
  case tab

  // The file as YAML.

  case yamlSyntax = "yaml-syntax"
  case severalDocuments = "several-documents"
  /// An anchor or an alias.
  case alias
  case tag
  case tooDeep = "too-deep"
  case duplicateKey = "duplicate-key"
  case unknownKey = "unknown-key"
  case missingKey = "missing-key"
  case missingValue = "missing-value"
  case conflictingKeys = "conflicting-keys"
  /// A list where a mapping is expected, and so on.
  case wrongType = "wrong-type"

  // One value.

  case invalidName = "invalid-name"
  case invalidAddress = "invalid-address"
  /// A multicast, loopback, unspecified or reserved address.
  case unusableAddress = "unusable-address"
  case invalidEndpoint = "invalid-endpoint"
  case invalidMAC = "invalid-mac"
  case invalidDatapath = "invalid-datapath"
  case invalidPort = "invalid-port"
  case invalidNumber = "invalid-number"
  case invalidDuration = "invalid-duration"
  case outOfRange = "out-of-range"
  /// Not one of the words that a key accepts.
  case unknownValue = "unknown-value"
  case invalidPath = "invalid-path"
  case invalidHost = "invalid-host"
  case invalidStatus = "invalid-status"
  case invalidKey = "invalid-key"
  case keyFileUnreadable = "key-file-unreadable"
  /// A key that every user of the machine can read.
  case keyExposed = "key-exposed"

  // Values against each other.

  case endpointInUse = "endpoint-in-use"
  case duplicateName = "duplicate-name"
  case sharedKey = "shared-key"
  case unknownRegion = "unknown-region"
  case duplicateDatapath = "duplicate-datapath"
  case duplicateGateway = "duplicate-gateway"
  /// Nothing finds the address if nothing probes.
  case gatewayWithoutMAC = "gateway-without-mac"
  /// Nobody can send an IPv6 connection there.
  case gatewayWithoutIPv6 = "gateway-without-ipv6"
  case portInUse = "port-in-use"
  case addressInUse = "address-in-use"
  case listenerInUse = "listener-in-use"
  case tooManyListeners = "too-many-listeners"
  case virtualIPConflict = "virtual-ip-conflict"
  case virtualIPIsGateway = "virtual-ip-is-gateway"
  case adoptedAddress = "adopted-address"
  case noListeners = "no-listeners"
  case noRegions = "no-regions"
  case noMembers = "no-members"
  case noGateway = "no-gateway"
  case duplicateRegion = "duplicate-region"
  case duplicateMember = "duplicate-member"
  /// A virtual IP of one family and members of the other.
  case mixedFamilies = "mixed-families"
  case regionWithoutMembers = "region-without-members"
  case regionNotOrdered = "region-not-ordered"
  /// A key that goes with another policy.
  case policyConflict = "policy-conflict"
  /// No weights where the policy asks for them, or all of them 0.
  case noWeights = "no-weights"
  /// A load with the wrong unit.
  case invalidThreshold = "invalid-threshold"
  case noThreshold = "no-threshold"
  case regionWithoutWeight = "region-without-weight"
  /// A placement that cannot do what is asked of it.
  case placementConflict = "placement-conflict"
  /// Asked of a switch that another controller drives, and nothing that can be done through it.
  case southboundConflict = "southbound-conflict"
  case unknownSwitch = "unknown-switch"
  /// Switches that cannot stand in for each other.
  case switchGroupConflict = "switch-group-conflict"
  /// A placement that loses packets which come in pieces.
  case fragmentsLost = "fragments-lost"
  case checkTooSlow = "check-too-slow"
  case checkTimeout = "check-timeout"
  /// The listener whose port would be checked speaks UDP, in which nobody has to answer.
  case checkNeedsPort = "check-needs-port"

  // The file against a switch.

  /// Reported when a switch connects, not when the file is read.
  case unknownPort = "unknown-port"
}
