//! What users and administrators do with devices.

mod confirm_device;
mod forget_device;
mod get_device;
mod list_devices;
mod update_device_status;
