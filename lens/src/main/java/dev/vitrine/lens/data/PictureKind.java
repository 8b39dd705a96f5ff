package dev.vitrine.lens.data;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of picture files that are read, told by their first bytes. */
enum PictureKind {
    JPEG("jpeg", "FFD8FF"),
    PNG("png", "89504E470D0A1A0A"),
    GIF("gif", "474946383761", "474946383961"),
    BMP("bmp", "424D"),
    TIFF("tiff", "49492A00", "4D4D002A", "49492B00", "4D4D002B"),
    WEBP("webp", "52494646________57454250");

    static final String EXPECTED = "JPEG, PNG, GIF, BMP, TIFF or WebP";

    /** How many first bytes suffice to tell kinds apart. */
    static final int HEAD_BYTES = 16;

    private record Stranger(String name, String signature) {}

    private static final List<Stranger> STRANGERS = List.of(
            new Stranger("an AVIF picture", "________6674797061766966"),
            new Stranger("a HEIC picture", "________6674797068656963"),
            new Stranger("a HEIC picture", "________6674797068656978"),
            new Stranger("a HEIF picture", "________667479706D696631"),
            new Stranger("an MP4 or QuickTime film", "________66747970"),
            new Stranger("a JPEG 2000 picture", "0000000C6A502020"),
            new Stranger("a JPEG 2000 picture", "FF4FFF51"),
            new Stranger("a JPEG XL picture", "FF0A"),
            new Stranger("a JPEG XL picture", "0000000C4A584C20"),
            new Stranger("a Photoshop picture", "38425053"),
            new Stranger("an icon (ICO)", "00000100"),
            new Stranger("a Radiance HDR picture", "233F5241"),
            new Stranger("an OpenEXR picture", "762F3101"),
            new Stranger("a DDS texture", "44445320"),
            new Stranger("a netpbm picture", "50350A"),
            new Stranger("a netpbm picture", "50360A"),
            new Stranger("an SVG drawing", "3C737667"),
            new Stranger("an XML or SVG document", "3C3F786D6C"),
            new Stranger("a web page", "3C21444F43"),
            new Stranger("a web page", "3C21646F63"),
            new Stranger("a web page", "3C68746D6C"),
            new Stranger("a PDF document", "25504446"),
            new Stranger("a zip archive", "504B0304"),
            new Stranger("a gzip archive", "1F8B"),
            new Stranger("a NumPy array", "934E554D5059"));

    private final String formatName;
    private final List<String> signatures;

    PictureKind(String formatName, String... signatures) {
        this.formatName = formatName;
        this.signatures = List.of(signatures);
    }

    /** The name under which ImageIO lists its readers. */
    String formatName() {
        return formatName;
    }

    static Optional<PictureKind> of(byte[] head) {
        for (PictureKind kind : values()) {
            if (kind.signatures.stream().anyMatch(signature -> matches(head, signature))) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** What a file that is no picture seems to be, such as {@code a PDF document}, or its first bytes. */
    static String describeStranger(byte[] head) {
        for (Stranger stranger : STRANGERS) {
            if (matches(head, stranger.signature)) {
                return stranger.name;
            }
        }
        int length = Math.min(head.length, 8);
        String hex = HexFormat.ofDelimiter(" ").formatHex(head, 0, length).toUpperCase(Locale.ROOT);
        String text = new String(head, 0, length, StandardCharsets.ISO_8859_1);
        return text.chars().allMatch(c -> c >= ' ' && c < 127)
                ? "a file that begins with '" + text + "'"
                : "a file that begins with the bytes " + hex;
    }

    private static boolean matches(byte[] head, String signature) {
        if (head.length < signature.length() / 2) {
            return false;
        }
        String hex = HexFormat.of().withUpperCase().formatHex(head, 0, signature.length() / 2);
        for (int i = 0; i < signature.length(); i++) {
            if (signature.charAt(i) != '_' && signature.charAt(i) != hex.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
