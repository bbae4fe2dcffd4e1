using System.Globalization;
using System.Text.RegularExpressions;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Tests.Texts;

public sealed partial class TextTests
{
    private static readonly Dictionary<string, string> English = Read(CultureInfo.InvariantCulture);
    private static readonly Dictionary<string, string> French = Read(CultureInfo.GetCultureInfo("fr"));

    [Fact]
    public void Both_languages_have_the_same_texts()
    {
        English.Should().NotBeEmpty();
        French.Keys.Should().BeEquivalentTo(English.Keys);
    }

    [Fact]
    public void Both_languages_have_the_same_placeholders()
    {
        foreach (var (key, english) in English)
        {
            Placeholders(French[key]).Should().BeEquivalentTo(Placeholders(english), key);
        }
    }

    [Fact]
    public void No_text_is_empty_and_sentences_are_translated()
    {
        foreach (var (key, english) in English)
        {
            english.Should().NotBeNullOrWhiteSpace(key);
            French[key].Should().NotBeNullOrWhiteSpace(key);
            if (english.Contains(' ', StringComparison.Ordinal) && english.Any(char.IsLetter) && Letters(english) > 4)
            {
                French[key].Should().NotBe(english, key);
            }
        }
    }

    [Theory]
    [InlineData("Health", "connecting", "online", "degraded", "unreachable", "credentialsRejected", "suspended")]
    [InlineData("Reason", "firstContact", "polling", "noConnection", "noAnswer", "certificateChanged", "unexpectedAnswer", "wrongCredentials", "addressLocked", "loginUnresolved", "requestRefused", "suspendedByOperator", "secretUnreadable", "storageUnavailable", "incomplete")]
    [InlineData("Warning", "serial_number_changed", "serial_number_contradicts", "call_records_kept", "storage_unavailable", "events_given_up", "recording_vault_unavailable")]
    [InlineData("Check_section", "network", "api", "permissions", "addresses", "webhook", "agents", "operation")]
    [InlineData("Check_verdict", "pass", "warn", "fail")]
    [InlineData("Check_trigger", "manual", "nightly", "onboarding")]
    [InlineData("Setting_source", "default", "file", "environment", "flag")]
    [InlineData("Problem", "credentials_not_proven", "credentials_changed_meanwhile", "checklist_none")]
    [InlineData("Extension", "unknown", "unregistered", "idle", "ringing", "busy", "onHold", "fault")]
    [InlineData("Call_state", "started", "ringing", "talking", "onHold", "ended")]
    [InlineData("Direction", "unknown", "inbound", "outbound", "internal")]
    [InlineData("Push", "silent", "proven")]
    [InlineData("Source", "none", "push", "poll", "catchUp", "import")]
    [InlineData("Disposition", "answered", "noAnswer", "busy", "failed", "voicemail", "unknown")]
    [InlineData("Completeness", "verified", "pending", "unverifiable")]
    [InlineData("Completeness_reason", "hour_not_over", "calls_may_still_run", "awaiting_comparison", "never_compared", "comparison_failed", "site_suspended", "site_unreachable")]
    [InlineData("Recording", "pending", "ready", "absent", "expired")]
    [InlineData("Recording_reason", "notYetSaved", "deletedOnPbx", "permissionMissing", "siteDown")]
    [InlineData("Moment", "originateRequested", "originateAccepted", "originateRefused", "originateUnknown", "ringing", "answered", "held", "transferred", "ended", "recorded", "revised", "recordingReady", "recordingAbsent", "recordingExpired")]
    [InlineData("Event", "call_ringing", "call_answered", "call_held", "call_resumed", "call_transferred", "call_ended", "cdr_recorded", "cdr_revised", "recording_ready", "recording_absent", "recording_expired", "originate_accepted", "originate_failed", "originate_resolved", "extension_status", "site_health", "site_warning")]
    [InlineData("Problem", "record_unknown", "call_ambiguous", "import_running", "recording_pending", "recording_absent", "recording_expired", "recording_unknown")]
    [InlineData("Agent_finding", "ok", "extension_unknown", "look_alike", "unregistered", "registration_unknown", "knowledge_stale", "duplicate", "no_agent", "site_unknown", "site_suspended")]
    [InlineData("Number_difference", "leading_zeros", "spaces", "no_break_spaces", "invisible_characters", "full_width", "other_digits", "letters_for_digits", "separators", "letter_case")]
    [InlineData("Check", "agent", "site", "extension", "registered", "idle", "destination", "allowed", "route")]
    [InlineData("Check_finding", "allowed_before", "being_dialled", "busy", "callee_busy", "callee_unregistered", "caller_id_unknown", "country_unknown", "credentials_rejected", "emergency", "extension_exists", "extension_fault", "extension_unknown", "feature_code", "idle", "internal_call", "internal_number", "internal_route", "knowledge_stale", "look_alike", "no_agent_named", "no_trunk", "no_trunk_needed", "not_dialable", "not_known", "number_unlikely", "own_extension", "permission_unseen", "premium_rate", "public_number", "public_number_with_prefix", "punctuation", "refused_before", "registered", "registration_unknown", "short_number", "site_connecting", "site_degraded", "site_incomplete", "site_online", "site_suspended", "site_unreachable", "trunk_in_service", "trunk_state_unknown", "trunks_not_asked", "trunks_out_of_service", "unregistered")]
    [InlineData("Verdict", "pass", "warn", "fail", "skipped")]
    [InlineData("Delivery", "pending", "sending", "delivered", "failed")]
    [InlineData("Subscription_off", "operator", "gone", "failing")]
    [InlineData("Problem", "subscription_unknown", "subscription_disabled", "too_many_subscriptions", "delivery_unknown", "event_gone")]
    [InlineData("Probe", "address_invalid", "no_connection", "no_answer", "certificate_changed", "wrong_credentials", "address_locked", "login_budget_spent", "not_a_pbx_api", "login_refused", "device_information_refused")]
    [InlineData("Step", "address", "connection", "certificate", "login", "device")]
    public void Every_value_of_the_API_has_words(string kind, params string[] values)
    {
        foreach (var value in values)
        {
            English.Should().ContainKey($"{kind}_{value}");
        }
    }

    [Fact]
    public void A_value_of_a_newer_API_is_shown_as_it_is()
    {
        Sentence.OfValue("Health", "dreaming").Should().Be("dreaming");
    }

    private static int Letters(string text) => text.Count(char.IsLetter);

    private static IEnumerable<string> Placeholders(string text) => Placeholder().Matches(text).Select(match => match.Value).Distinct();

    private static Dictionary<string, string> Read(CultureInfo culture) =>
        Text.ResourceManager.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
            .Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    [GeneratedRegex(@"\{[0-9]+[^}]*\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Placeholder();
}
