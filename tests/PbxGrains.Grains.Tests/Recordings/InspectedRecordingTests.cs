using System.Text;
using CsCheck;
using PbxGrains.Grains.Recordings;

namespace PbxGrains.Grains.Tests.Recordings;

public sealed class InspectedRecordingTests
{
    [Fact]
    public async Task Plain_samples_are_audio_wav_and_their_header_says_how_long_they_play()
    {
        var inspected = await ReadAsync(SampleAudio.Wav(bytesOfSound: 24000, bytesPerSecond: 16000));

        (inspected.ContentType, inspected.DurationSeconds).Should().Be(("audio/wav", 1.5));
    }

    [Fact]
    public async Task GSM_says_so_by_its_number()
    {
        var inspected = await ReadAsync(SampleAudio.Wav(bytesOfSound: 1625, format: WavHeader.Gsm, bytesPerSecond: 1625));

        (inspected.ContentType, inspected.DurationSeconds).Should().Be(("audio/vnd.wave; codec=31", 1.0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(501)]
    public async Task Chunks_before_the_sound_are_passed_over(int junk)
    {
        var inspected = await ReadAsync(SampleAudio.Wav(bytesOfSound: 160, junk: junk));

        inspected.DurationSeconds.Should().Be(0.01);
    }

    [Fact]
    public async Task Nothing_may_be_missing_at_the_end_but_something_may_follow()
    {
        var whole = SampleAudio.Wav(bytesOfSound: 1000);

        (await ReadAsync([.. whole, 1, 2, 3])).ContentType.Should().Be("audio/wav");
        await FluentActions.Awaiting(() => ReadAsync(whole[..^1])).Should().ThrowAsync<NotARecordingException>();
    }

    [Fact]
    public async Task The_format_of_cloud_systems_is_taken_by_its_name_only()
    {
        var bytes = "YSWAV\u0001 whatever"u8.ToArray();

        (await ReadAsync(bytes, "x.YSWAV")).ContentType.Should().Be("audio/x-yswav");
        await FluentActions.Awaiting(() => ReadAsync(bytes, "x.wav")).Should().ThrowAsync<NotARecordingException>();
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>Login</body></html>")]
    [InlineData("{\"status\":\"Failed\",\"errno\":\"20014\"}")]
    [InlineData("RIFF")]
    [InlineData("RIFF\u0010\0\0\0WAVE")]
    [InlineData("RIFF\u0010\0\0\0AVI LIST")]
    public async Task What_is_no_audio_is_refused(string text) =>
        await FluentActions.Awaiting(() => ReadAsync(Encoding.Latin1.GetBytes(text))).Should().ThrowAsync<NotARecordingException>();

    [Fact]
    public void However_a_file_is_cut_it_is_refused_and_however_it_arrives_it_is_the_same() =>
        Gen.Select(Gen.Int[0, 3000], Gen.Int[0, 200], Gen.Int[1, 4000], Gen.Double[0, 1]).Sample(
            (sound, junk, portion, share) =>
            {
                var whole = SampleAudio.Wav(sound, junk: junk);
                var cut = whole[..(int)(share * (whole.Length - 1))];

                return ReadAsync(whole, portion: portion).GetAwaiter().GetResult().ContentType == "audio/wav" && IsRefused(cut, portion);
            },
            iter: 300);

    [Fact]
    public void No_bytes_whatever_break_the_reader() =>
        Gen.Byte.Array[0, 200].Sample(
            bytes =>
            {
                byte[] disguised = [.. "RIFF"u8, .. bytes];
                _ = WavHeader.Read(disguised);
                _ = WavHeader.Read([.. SampleAudio.Wav(10)[..36], .. bytes]);
            },
            iter: 2000);

    private static bool IsRefused(byte[] bytes, int portion)
    {
        try
        {
            _ = ReadAsync(bytes, portion: portion).GetAwaiter().GetResult();
            return false;
        }
        catch (NotARecordingException)
        {
            return true;
        }
    }

    private static async Task<InspectedRecording> ReadAsync(byte[] bytes, string name = "x.wav", int portion = 64 * 1024)
    {
        using var content = new MemoryStream(bytes);
        var inspected = new InspectedRecording(content, name);
        var buffer = new byte[portion];
        while (await inspected.ReadAsync(buffer) > 0)
        {
            // Only its end is of interest.
        }

        return inspected;
    }
}
