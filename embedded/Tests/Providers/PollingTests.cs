using MesosStack.Embedded.Providers.DigitalOcean;
using Microsoft.Extensions.Time.Testing;

namespace MesosStack.Embedded.Tests.Providers;

/// <summary>How often those that wait for the API ask it.</summary>
[TestFixture]
internal sealed class PollingTests
{
    private const int Minutes = 10;

    [TestCase(1, ExpectedResult = 20, TestName = "One_that_waits_asks_every_three_seconds")]
    [TestCase(6, ExpectedResult = 120, TestName = "Six_that_wait_ask_each_as_often")]
    [TestCase(60, ExpectedResult = 120, TestName = "Ten_times_as_many_that_wait_ask_each_a_tenth_as_often")]
    public async Task<int> Questions_a_minute(int waits)
    {
        var time = new FakeTimeProvider();
        var polling = new Polling(time);
        var asked = 0;
        using var enough = new CancellationTokenSource();
        var all = Enumerable.Range(0, waits).Select(_ => polling.UntilAsync(
            () =>
            {
                asked++;
                return Task.FromResult<string?>(null);
            },
            enough.Token)).ToList();

        // The waits grow at first, and the first ones could not know yet how many there would be.
        Pass(TimeSpan.FromMinutes(Minutes));
        asked = 0;
        Pass(TimeSpan.FromMinutes(Minutes));
        await enough.CancelAsync();

        Assert.That(() => Task.WhenAll(all), Throws.InstanceOf<OperationCanceledException>());
        return asked / Minutes;

        void Pass(TimeSpan length)
        {
            for (var end = time.GetUtcNow() + length; time.GetUtcNow() < end;)
            {
                time.Advance(TimeSpan.FromMilliseconds(250));
            }
        }
    }
}
