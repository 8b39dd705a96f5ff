package dev.vitrine.lens.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which files of a folder or archive count as its pictures, told by their names: photos, or arrays where there is no photo.
 * Hidden files are passed over.
 *
 * @param taken sorted, each once
 * @param notes what was left out that a person may have meant, a sentence each
 */
record PictureListing(List<String> taken, List<String> notes) {
    private static final Set<String> PHOTOS =
            Set.of("jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "tif", "tiff", "webp");
    private static final Set<String> ARRAYS = Set.of("npy");

    private static final String CONVERT = "Convert them to PNG or JPEG.";
    private static final String PIXELS = "Save their pixels as PNG, or as arrays (.npy).";

    /** Files that are not read though they may hold pictures. */
    private record Stranger(String name, String remedy) {}

    private static final Map<String, Stranger> STRANGERS = strangers();

    private static Map<String, Stranger> strangers() {
        Map<String, Stranger> all = new TreeMap<>();
        put(all, "HEIC or HEIF", CONVERT, "heic", "heif", "hif");
        put(all, "AVIF", CONVERT, "avif");
        put(all, "SVG", CONVERT, "svg", "svgz");
        put(all, "PDF", CONVERT, "pdf");
        put(all, "JPEG 2000 or JPEG XL", CONVERT, "jp2", "j2k", "jxl");
        put(all, "netpbm", CONVERT, "ppm", "pgm", "pbm", "pnm");
        put(all, "Photoshop, ICO, TGA or PCX", CONVERT, "psd", "ico", "tga", "pcx");
        put(all, "HDR, EXR or DDS", CONVERT, "hdr", "exr", "dds");
        put(all, "raw camera", CONVERT, "cr2", "cr3", "nef", "arw", "orf", "rw2", "dng");
        put(all, "film", "Save their frames as PNG.", "mp4", "mov", "avi", "mkv", "webm");
        put(all, "DICOM", PIXELS, "dcm", "dicom");
        put(all, "NIfTI, MATLAB, HDF5 or FITS", PIXELS, "nii", "mat", "h5", "hdf5", "fits");
        put(all, "archive", "Unpack them, or name each of them itself.", "zip", "tar", "gz", "tgz", "7z", "rar", "npz");
        return all;
    }

    private static void put(Map<String, Stranger> all, String name, String remedy, String... extensions) {
        Stranger stranger = new Stranger(name, remedy);
        Stream.of(extensions).forEach(extension -> all.put(extension, stranger));
    }

    static PictureListing of(Collection<String> names) {
        Set<String> photos = new TreeSet<>();
        Set<String> arrays = new TreeSet<>();
        Set<String> repeated = new TreeSet<>();
        Set<String> outside = new TreeSet<>();
        Map<String, List<String>> strangers = new TreeMap<>();
        for (String name : names) {
            String extension = extension(name);
            boolean known = PHOTOS.contains(extension) || ARRAYS.contains(extension);
            if (List.of(name.split("/")).contains("..")) {
                if (known) {
                    outside.add(name);
                }
                continue;
            }
            if (isHidden(name)) {
                continue;
            }
            boolean photo = PHOTOS.contains(extension);
            if (known) {
                if (!(photo ? photos : arrays).add(name)) {
                    repeated.add(name);
                }
            } else if (STRANGERS.containsKey(extension)) {
                strangers
                        .computeIfAbsent(STRANGERS.get(extension).name, key -> new ArrayList<>())
                        .add(name);
            }
        }
        List<String> notes = new ArrayList<>();
        if (!photos.isEmpty() && !arrays.isEmpty()) {
            notes.add("took its " + count(photos.size(), "photo") + ", left out " + count(arrays.size(), "array")
                    + example(arrays) + ": arrays count as pictures where there are no photos. Put them in a folder of"
                    + " their own.");
        }
        strangers.forEach((kind, left) -> notes.add("left out " + count(left.size(), kind + " file") + example(left)
                + ", of a kind that is not read. " + STRANGERS.get(extension(left.get(0))).remedy));
        if (!repeated.isEmpty()) {
            notes.add("holds " + count(repeated.size(), "name") + " more than once" + example(repeated)
                    + "; one picture of each was taken.");
        }
        if (!outside.isEmpty()) {
            notes.add("left out " + count(outside.size(), "file") + example(outside)
                    + ", whose path leads out of the archive.");
        }
        return new PictureListing(List.copyOf(photos.isEmpty() ? arrays : photos), notes);
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static boolean isHidden(String name) {
        return Stream.of(name.split("/")).anyMatch(step -> step.startsWith(".") || step.equals("__MACOSX"));
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String example(Collection<String> names) {
        String first = names.iterator().next();
        return " (" + (names.size() == 1 ? "" : "such as ") + first + ")";
    }
}
