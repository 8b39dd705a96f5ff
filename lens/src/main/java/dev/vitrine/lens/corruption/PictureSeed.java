package dev.vitrine.lens.corruption;

import dev.vitrine.lens.data.Picture;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A number of 64 bits made of a picture's pixels and what is done to it. Mixed as in MurmurHash3 by Appleby. */
final class PictureSeed {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private PictureSeed() {}

    static long of(Picture picture, String id, int severity, long seed) {
        long hash = mixed(seed);
        for (int i = 0; i < id.length(); i++) {
            hash = mixed(hash + id.charAt(i));
        }
        hash = mixed(hash + severity);
        hash = mixed(hash + picture.width());
        byte[] rgb = picture.sharedRgb();
        int at = 0;
        for (; at + Long.BYTES <= rgb.length; at += Long.BYTES) {
            hash = mixed(hash ^ (long) LONGS.get(rgb, at));
        }
        for (; at < rgb.length; at++) {
            hash = mixed(hash + rgb[at]);
        }
        return hash;
    }

    /** For a picture that occurred before. */
    static long again(long own, int earlier) {
        return earlier == 0 ? own : mixed(own + earlier);
    }

    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
