using Microsoft.AspNetCore.Http.Features;

namespace PbxGrains.Front.Webhooks;

/// <summary>
/// Makes the request contexts. The host logs and traces a request's address before any middleware runs, so the one
/// place early enough to take secrets out of it is here.
/// </summary>
internal sealed class SecretFreeContexts(IServiceProvider services) : IHttpContextFactory
{
    private readonly DefaultHttpContextFactory _contexts = new(services);

    public HttpContext Create(IFeatureCollection featureCollection)
    {
        PresentedSecret.TakeFrom(featureCollection);
        return _contexts.Create(featureCollection);
    }

    public void Dispose(HttpContext httpContext) => _contexts.Dispose(httpContext);
}
