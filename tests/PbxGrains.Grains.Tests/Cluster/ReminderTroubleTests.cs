using Microsoft.Extensions.DependencyInjection;
using Orleans.Timers;
using PbxGrains.Contracts.Sites;
using PbxGrains.Testing;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>A silo that started while the database was away has no reminders for a while. Its sites live all the same.</summary>
public sealed class ReminderTroubleTests
{
    [Fact]
    public async Task A_site_is_polled_although_its_reminder_cannot_be_registered_and_registers_it_later()
    {
        var reminders = new UnreadyReminders();
        await using var lab = await SiteLab.StartAsync(silo: silo => silo.Services.AddSingleton<IReminderRegistry>(reminders));

        var site = await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);

        _ = await Eventually.Holds(async () => (await site.GetStatus(TestContext.Current.CancellationToken)).Health == SiteHealth.Online, "the site is online");
        reminders.Registered.Should().BeFalse();
        reminders.AreReady = true;
        _ = await Eventually.Holds(() => reminders.Registered, "the reminder is registered after all");
    }

    private sealed class UnreadyReminders : IReminderRegistry
    {
        public volatile bool AreReady;

        public volatile bool Registered;

        public Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
        {
            if (!AreReady)
            {
                throw new OrleansException("Reminder Service is still initializing and it is taking a long time. Please retry again later.");
            }

            Registered = true;
            return Task.FromResult<IGrainReminder>(null!);
        }

        public Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder) => Task.CompletedTask;

        public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) => Task.FromResult<IGrainReminder?>(null);

        public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) => Task.FromResult<List<IGrainReminder>>([]);
    }
}
