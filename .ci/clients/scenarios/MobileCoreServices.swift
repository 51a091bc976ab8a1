// The generated Swift is for Apple's systems, and imports a module that Linux lacks. This one has what it uses of it, and
// of URLSession, which is in a module of its own on Linux.
@_exported import FoundationNetworking
import Foundation

public let kUTTagClassFilenameExtension = "public.filename-extension"
public let kUTTagClassMIMEType = "public.mime-type"

public func UTTypeCreatePreferredIdentifierForTag(_: String, _: NSString, _: NSString?) -> Unmanaged<NSString>? { nil }

public func UTTypeCopyPreferredTagWithClass(_: NSString, _: String) -> Unmanaged<NSString>? { nil }
