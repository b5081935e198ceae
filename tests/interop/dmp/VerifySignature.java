import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.URIDereferencer;
import javax.xml.crypto.dsig.Manifest;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.XMLObject;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Verifies a signature of a submission set with the JDK's own implementation: signature, then manifest. */
public class VerifySignature {
    private static void markIds(Element element, DOMValidateContext context) {
        if (element.hasAttribute("Id")) {
            context.setIdAttributeNS(element, null, "Id");
        }
        NodeList children = element.getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            if (children.item(i) instanceof Element child) {
                markIds(child, context);
            }
        }
    }

    /** Arguments: signature document, certificate (PEM), document, its urn:oid. Prints one line per result. */
    public static void main(String[] args) throws Exception {
        DocumentBuilderFactory builders = DocumentBuilderFactory.newInstance();
        builders.setNamespaceAware(true);
        Document document = builders.newDocumentBuilder().parse(new File(args[0]));
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(Path.of(args[1]))));
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        DOMValidateContext context = new DOMValidateContext(certificate.getPublicKey(), document.getDocumentElement());
        markIds(document.getDocumentElement(), context);
        byte[] bytes = Files.readAllBytes(Path.of(args[2]));
        URIDereferencer usual = factory.getURIDereferencer();
        context.setURIDereferencer((reference, crypto) -> args[3].equals(reference.getURI())
                ? new OctetStreamData(new ByteArrayInputStream(bytes))
                : usual.dereference(reference, crypto));
        XMLSignature signature = factory.unmarshalXMLSignature(context);
        System.out.println("signature " + signature.validate(context));
        for (Object item : signature.getObjects()) {
            for (Object part : ((XMLObject) item).getContent()) {
                if (part instanceof Manifest manifest) {
                    for (Object entry : manifest.getReferences()) {
                        Reference reference = (Reference) entry;
                        if (args[3].equals(reference.getURI())) {
                            System.out.println("document " + reference.validate(context));
                        }
                    }
                }
            }
        }
    }
}
