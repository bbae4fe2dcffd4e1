using CsCheck;
using PbxGrains.Grains.Agents;

namespace PbxGrains.Grains.Tests.Agents;

public sealed class NumberLikenessTests
{
    private static readonly Gen<string> Number = Gen.Char['0', '9'].Array[1, 8].Select(digits => new string(digits));

    [Theory]
    [InlineData("10", "0010", NumberDifference.LeadingZeros)]
    [InlineData("1001 ", "1001", NumberDifference.Spaces)]
    [InlineData("1\u00A0001", "1001", NumberDifference.NoBreakSpaces)]
    [InlineData("1\u202F001", "1001", NumberDifference.NoBreakSpaces)]
    [InlineData("\u200B1001", "1001", NumberDifference.InvisibleCharacters)]
    [InlineData("1001\u200E", "1001", NumberDifference.InvisibleCharacters)]
    [InlineData("\uFEFF1001", "1001", NumberDifference.InvisibleCharacters)]
    [InlineData("１００１", "1001", NumberDifference.FullWidth)]
    [InlineData("١٠٠١", "1001", NumberDifference.OtherDigits)]
    [InlineData("१००१", "1001", NumberDifference.OtherDigits)]
    [InlineData("1OO1", "1001", NumberDifference.LettersForDigits)]
    [InlineData("l001", "1001", NumberDifference.LettersForDigits)]
    [InlineData("1\u041E01", "1001", NumberDifference.LettersForDigits)]
    [InlineData("10-01", "1001", NumberDifference.Separators)]
    [InlineData("10.01", "1001", NumberDifference.Separators)]
    [InlineData("a1", "A1", NumberDifference.LetterCase)]
    public void Each_way_of_looking_alike_has_its_name(string crm, string pbx, NumberDifference difference) =>
        NumberLikeness.Between(crm, pbx).Should().Equal(difference);

    [Fact]
    public void Several_at_once_are_all_named() =>
        NumberLikeness.Between(" 1\u00A0O１", "0101").Should().Equal(
            NumberDifference.LeadingZeros, NumberDifference.Spaces, NumberDifference.NoBreakSpaces, NumberDifference.FullWidth, NumberDifference.LettersForDigits);

    [Fact]
    public void What_both_have_is_no_difference() =>
        NumberLikeness.Between("10-01 ", "10-01").Should().Equal(NumberDifference.Spaces);

    [Theory]
    [InlineData("", "0")]
    [InlineData(" ", "\u200B")]
    [InlineData("1001", "1002")]
    [InlineData("1001", "10010")]
    [InlineData("12", "21")]
    public void Others_do_not_look_alike(string one, string other) => NumberLikeness.Between(one, other).Should().BeNull();

    [Theory]
    [InlineData(" ００１０\u200B", "0010")]
    [InlineData("1 O O l", "1001")]
    public void What_is_probably_meant_keeps_its_leading_zeros(string crm, string meant) => NumberLikeness.Plain(crm).Should().Be(meant);

    [Fact]
    public void A_number_is_never_like_itself_and_different_digits_never_are() => Gen.Select(Number, Number).Sample((one, other) =>
    {
        NumberLikeness.Between(one, one).Should().BeNull();
        var alike = NumberLikeness.Between(one, other);
        var differOnlyInZeros = one != other && Trimmed(one) == Trimmed(other);
        (alike is not null).Should().Be(differOnlyInZeros);
    });

    [Fact]
    public void Whatever_is_done_to_a_number_is_found_named_and_seen_from_both_sides() =>
        Gen.Select(Number, Gen.Int[0, Disguises.Length - 1], Gen.Int[0, 7]).Sample((number, which, place) =>
        {
            var (difference, disguise) = Disguises[which];
            var disguised = disguise(number, place % number.Length);
            if (disguised == number)
            {
                return;
            }

            NumberLikeness.Between(disguised, number).Should().Equal([difference], "{0} is {1}", disguised, number);
            NumberLikeness.Between(number, disguised).Should().Equal(difference);
        });

    private static readonly (NumberDifference Difference, Func<string, int, string> Disguise)[] Disguises =
    [
        (NumberDifference.LeadingZeros, (number, place) => number.Trim('0').Length == 0 ? number : new string('0', place + 1) + number),
        (NumberDifference.Spaces, (number, place) => number.Insert(place, " ")),
        (NumberDifference.NoBreakSpaces, (number, place) => number.Insert(place, "\u00A0")),
        (NumberDifference.InvisibleCharacters, (number, place) => number.Insert(place, "\u200D")),
        (NumberDifference.Separators, (number, place) => number.Insert(place, "-")),
        (NumberDifference.FullWidth, (number, place) => At(number, place, digit => (char)(digit - '0' + 0xFF10))),
        (NumberDifference.OtherDigits, (number, place) => At(number, place, digit => (char)(digit - '0' + 0x06F0))),
        (NumberDifference.LettersForDigits, (number, _) => number.Replace('0', 'O')),
    ];

    private static string At(string number, int place, Func<char, char> other) => number[..place] + other(number[place]) + number[(place + 1)..];

    private static string Trimmed(string number) => number.TrimStart('0') is { Length: > 0 } rest ? rest : "0";
}
