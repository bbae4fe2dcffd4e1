namespace PbxGrains.Grains.Checklists;

/// <summary>What can be found out about our own addresses.</summary>
internal static class AddressFindings
{
    public static readonly Finding SeenBy = Finding.Pass("seen-by");
    public static readonly Finding SilosAgree = Finding.Pass("silos-agree");
    public static readonly Finding SilosDiffer = Finding.Warn("silos-differ");
    public static readonly Finding SilosUnheard = Finding.Notice("silos-unheard");
    public static readonly Finding SiloWithoutRoute = Finding.Fail("silo-without-route");
    public static readonly Finding CannotBeSeen = Finding.Notice("cannot-be-seen");
}
