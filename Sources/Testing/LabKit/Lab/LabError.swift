// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Why a lab could not do what it was asked. All that `Lab` throws, but for cancellation.
package enum LabError: Error, Sendable, CustomStringConvertible {
  case missing([LabRequirement])
  case badOption(String, accepted: String)
  /// A lab of this name is there already. `owner`: the process that it dies with; nil: it was left in the background.
  case alreadyUp(name: String, owner: Int32?)
  case notUp(name: String)
  /// A namespace of that name exists and no lab made it.
  case foreignNamespace(String)
  case noSuchHost(String, accepted: [String])
  case commandFailed(command: String, status: String, output: String)
  case cannotRun(command: String, reason: String)
  case timedOut(waitingFor: String, after: Duration, detail: String)
  case unreadable(path: String, reason: String)
  /// A process that should run does not any more.
  case ended(String, log: String)
  /// The reaper ended without having removed everything.
  case remains(directory: String)
  /// The switch did not do what `ovs-vsctl` asked.
  case switchRefused(String)

  /// Names the case, for programs.
  package var code: String {
    switch self {
    case .missing: "lab-missing"
    case .badOption: "lab-bad-option"
    case .alreadyUp: "lab-already-up"
    case .notUp: "lab-not-up"
    case .foreignNamespace: "lab-foreign-namespace"
    case .noSuchHost: "lab-no-such-host"
    case .commandFailed: "lab-command-failed"
    case .cannotRun: "lab-cannot-run"
    case .timedOut: "lab-timed-out"
    case .unreadable: "lab-unreadable"
    case .ended: "lab-process-ended"
    case .remains: "lab-remains"
    case .switchRefused: "lab-switch-refused"
    }
  }

  package var description: String {
    switch self {
    case .missing(let requirements):
      "the lab cannot run here: " + requirements.map(\.name).joined(separator: ", ")
        + (requirements.count == 1 ? " is missing" : " are missing")
    case .badOption(let what, let accepted): "\(what) is not accepted: \(accepted)"
    case .alreadyUp(let name, .some(let owner)): "lab '\(name)' belongs to process \(owner), which still runs"
    case .alreadyUp(let name, nil): "lab '\(name)' is up already"
    case .notUp(let name): "lab '\(name)' is not up"
    case .foreignNamespace(let name): "network namespace '\(name)' exists and belongs to no lab"
    case .noSuchHost(let name, let accepted): "no host '\(name)' in this lab: \(accepted.joined(separator: ", "))"
    case .commandFailed(let command, let status, let output): "'\(command)' ended with \(status): \(output)"
    case .cannotRun(let command, let reason): "cannot run '\(command)': \(reason)"
    case .timedOut(let what, let time, let detail): "no \(what) after \(time)" + (detail.isEmpty ? "" : ": \(detail)")
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .ended(let name, let log): "\(name) has ended: \(log)"
    case .remains(let directory): "something of the lab is left, see \(directory)/reaper.log"
    case .switchRefused(let reason): "Open vSwitch: \(reason)"
    }
  }

  /// What to do about it; nil where nothing useful comes to mind.
  package var hint: String? {
    switch self {
    case .missing(let requirements): requirements.map { "\($0.name): \($0.remedy)" }.joined(separator: "\n  ")
    case .alreadyUp(let name, nil): "isthmus lab down --name \(name)"
    case .notUp(let name): "isthmus lab up --name \(name)"
    case .foreignNamespace: "choose another --name, or delete it yourself: ip netns delete"
    case .remains: "then try again: isthmus lab down"
    default: nil
    }
  }
}
