/**
 * Registers TF.js's gradients. The package ships them in a file that plain Node cannot import, so our build
 * bundles this one entry; the registries are global to the process, so the one engine sees them.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients'
