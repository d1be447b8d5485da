/* The interfaces of the machine, an address a line. */
#include "guide.h"

int main(void) {
  uv_interface_address_t *interfaces;
  int count;
  MUST(uv_interface_addresses(&interfaces, &count));
  for (int i = 0; i < count; i++) {
    const uv_interface_address_t *one = &interfaces[i];
    char address[INET6_ADDRSTRLEN] = "of another kind";
    if (one->address.address4.sin_family == AF_INET)
      MUST(uv_ip4_name(&one->address.address4, address, sizeof(address)));
    else if (one->address.address6.sin6_family == AF_INET6)
      MUST(uv_ip6_name(&one->address.address6, address, sizeof(address)));
    guide_say("%s %s %s", one->name, one->is_internal ? "internal" : "external", address);
  }
  uv_free_interface_addresses(interfaces, count);
  return 0;
}
