package dev.vitrine.lens.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of picture files that are read, told by their first bytes. */
enum PictureKind {
    JPEG("jpeg", "FFD8FF"),
    PNG("png", "89504E470D0A1A0A"),
    GIF("gif", "474946383761", "474946383961"),
    BMP("bmp", "424D"),
    TIFF("tiff", "49492A00", "4D4D002A", "49492B00", "4D4D002B"),
    WEBP("webp", "52494646________57454250");

    static final String EXPECTED = "JPEG, PNG, GIF, BMP, TIFF, WebP or a NumPy array";

    /** How many first bytes suffice to tell kinds apart. */
    static final int HEAD_BYTES = 348;

    private static final String ARRAY = "934E554D5059";

    private static final String CONVERT = "Convert it to one of these.";
    private static final String PHONE =
            "Save it as JPEG or PNG; phones write JPEG when their camera is set to the most" + " compatible format.";
    private static final String SCAN = "Save its pixels as PNG, or as an array (.npy), such as with Python's ";

    /** A kind of file that is not read, with what to do about it. */
    private record Stranger(String name, String remedy, int offset, List<String> signatures) {
        static Stranger of(String name, String remedy, String... signatures) {
            return new Stranger(name, remedy, 0, List.of(signatures));
        }

        static Stranger at(int offset, String name, String remedy, String... signatures) {
            return new Stranger(name, remedy, offset, List.of(signatures));
        }

        /** Of the ISO base media file format, by its major brand. */
        static Stranger brand(String name, String remedy, String... brands) {
            return at(
                    4,
                    name,
                    remedy,
                    Stream.of(brands).map(brand -> hex("ftyp" + brand)).toArray(String[]::new));
        }

        boolean is(byte[] head) {
            byte[] from = Arrays.copyOfRange(head, Math.min(offset, head.length), head.length);
            return signatures.stream().anyMatch(signature -> matches(from, signature));
        }
    }

    private static final List<Stranger> STRANGERS = List.of(
            Stranger.brand("an AVIF picture", CONVERT, "avif", "avis"),
            Stranger.brand("a HEIC picture", PHONE, "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"),
            Stranger.brand("a HEIF picture", PHONE, "mif1", "mif2", "msf1"),
            Stranger.brand("a Canon raw picture (CR3)", CONVERT, "crx "),
            Stranger.brand("an MP4 or QuickTime film", "Save one of its frames as PNG.", ""),
            Stranger.at(128, "a DICOM file", SCAN + "pydicom.", hex("DICM")),
            Stranger.at(344, "a NIfTI volume", SCAN + "nibabel.", "6E2B3100", "6E693100"),
            Stranger.of("a FITS file", SCAN + "astropy.", hex("SIMPLE  =")),
            Stranger.of("an HDF5 file", SCAN + "h5py.", "894844460D0A1A0A"),
            Stranger.of("a MATLAB file", SCAN + "scipy.io.", hex("MATLAB 5.0")),
            Stranger.of("a NetCDF file", SCAN + "netCDF4.", "43444601", "43444602", "43444605"),
            Stranger.of("a JPEG 2000 picture", CONVERT, "0000000C6A502020", "FF4FFF51"),
            Stranger.of("a JPEG XL picture", CONVERT, "FF0A", "0000000C4A584C20"),
            Stranger.of("a Photoshop picture", CONVERT, "38425053"),
            Stranger.of("an icon (ICO)", CONVERT, "00000100"),
            Stranger.of("a Radiance HDR picture", CONVERT, "233F5241"),
            Stranger.of("an OpenEXR picture", CONVERT, "762F3101"),
            Stranger.of("a DDS texture", CONVERT, "44445320"),
            Stranger.of("a netpbm picture", CONVERT, "50350A", "50360A"),
            Stranger.of(
                    "a sound (WAV)",
                    "Give a picture of it, or its numbers to 'vitrine attribute'.",
                    "52494646________57415645"),
            Stranger.of("an AVI film", "Save one of its frames as PNG.", "52494646________41564920"),
            Stranger.of("an SVG drawing", CONVERT, "3C737667"),
            Stranger.of("an XML or SVG document", CONVERT, "3C3F786D6C"),
            Stranger.of("a web page", CONVERT, "3C21444F43", "3C21646F63", "3C68746D6C"),
            Stranger.of("a PDF document", CONVERT, "25504446"),
            Stranger.of("a zip archive", CONVERT, "504B0304"),
            Stranger.of("a gzip archive", CONVERT, "1F8B"),
            Stranger.at(257, "a tar archive", CONVERT, hex("ustar")),
            Stranger.of(
                    "a 7z, RAR, xz or bzip2 archive",
                    CONVERT,
                    "377ABCAF271C",
                    "526172211A07",
                    "FD377A585A00",
                    "425A68"));

    /** Of texts, by what they begin with behind a byte order mark, spaces and comments. */
    private static Optional<Stranger> text(byte[] head) {
        String text =
                new String(head, StandardCharsets.UTF_8).replace("\uFEFF", "").strip();
        if (text.startsWith("<")) {
            return Optional.of(
                    text.contains("<svg")
                            ? Stranger.of("an SVG drawing", CONVERT)
                            : Stranger.of("an XML, HTML or SVG document", CONVERT));
        }
        if (text.matches("(?s)(\\{\\s*[\"}]|\\[\\s*[\"\\[{\\]\\d]).*")) {
            return Optional.of(Stranger.of("a JSON document", "Class names go to --labels, boxes to --boxes as CSV."));
        }
        return Optional.empty();
    }

    private static String hex(String text) {
        return HexFormat.of().withUpperCase().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

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

    /** Whether the file is a NumPy array. */
    static boolean isArray(byte[] head) {
        return matches(head, ARRAY);
    }

    /** What a file that is no picture seems to be, such as {@code a PDF document}, or its first bytes. */
    static String describeStranger(byte[] head) {
        return stranger(head).map(Stranger::name).orElseGet(() -> describe(head));
    }

    /** What to do about a file that is no picture. */
    static String remedy(byte[] head) {
        return stranger(head).map(Stranger::remedy).orElse(CONVERT);
    }

    private static Optional<Stranger> stranger(byte[] head) {
        return STRANGERS.stream()
                .filter(stranger -> stranger.is(head))
                .findFirst()
                .or(() -> text(head));
    }

    private static String describe(byte[] head) {
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
